/// The bits that functions had when they were last decided: the SHA-256 of all results at every `step`th float.
///
/// A digest changes with the function's polynomial, and with that the numerics version; `mneme selftest functions`
/// prints the new one.
package struct FunctionRecord: Sendable {
  package let step: Int
  /// By function.
  package let digests: [String: String]

  package init(step: Int, digests: [String: String]) { (self.step, self.digests) = (step, digests) }

  /// Every float, which takes half an hour; and so few that tests look at them every time.
  package static let all = [every, sparse]

  private static let every = FunctionRecord(step: 1, digests: [:])
  package static let sparse = FunctionRecord(
    step: 65_537,
    digests: [
      "exp": "ff1f2924b0fc5f3cc9dfee6fb59ee6c47e6a877d342297fc92cff30e4a7d61d7",
      "log": "da43f995170aeb498795e4d9a2c776c4f438ec2893f2a1d21b62479aa5055889",
      "tanh": "8e26c38021bebaad88ad4f4d6c589f69e9da5ebdbcb610925934c697fc595bf0",
      "erf": "53d850663c380c797bea7328f3823581c7c2c7c229216ed274eb61ebd565123e",
      "sigmoid": "6944d5090567335df194556fc774c99c021f4b00f041320417c7b0805c07468a",
      "softplus": "48eb02c22f06e86bfc72fd28e659a2200fc42595789a43f7a839f0f217fc3e4b",
      "gelu tanh": "8d4e6cb512b6570503ae9b5f997bdf5c3517ad3ffcb9164f1924a6fcb7c002ff",
      "gelu exact": "6a5f2361804c3e5f128d0ed75a11ac793521a31d643fe52a55c6e684a58a88a5",
      "sin": "5260339910e52148db09d422d9f9cd2b5a0625ff3e0602572c67bbcbcfc93e3e",
      "cos": "09025203b43cd26e4e5e06e664ed104f12640706dbc27ab305143738fd3d01b4",
    ])
}
