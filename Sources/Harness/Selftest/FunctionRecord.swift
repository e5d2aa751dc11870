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

  private static let every = FunctionRecord(
    step: 1,
    digests: [
      "exp": "462e2e08691e7ae046c087e1f960f5a4ecb13d2aa48d97d55c63dc106a23ccca",
      "log": "795eb8fb1d03d66d413246809f4132c565e051ae4b4557e71f00730ff34c09bd",
      "tanh": "7e81ff91ae6b15ca220dad9b3739f8f4e2876048ae674332147d24d44ca8c5e1",
      "erf": "c4755d7a1017993eec2124d621997177417f7d695db1824d36a914eae9d017c0",
      "sigmoid": "9ee123cbe8915a2b455bd94a8cc3ae6f09214985862233a65654c205df36b748",
      "softplus": "11773dfebb7731dd38ca7bb007397da153055b1963fb9569678920af1f61b900",
      "gelu tanh": "44521214350f75f539efc5fc5daa04a76b5af4326aaf947340aa702fc1086044",
      "gelu exact": "f61499b5086f2d3517a6e47ee1ef526aa752e691235145e3f996b467271eb0aa",
      "sin": "d9dd73a08c3c219d0f552bd1358658701bf1b9a0da581baaa393f8882f83faf2",
      "cos": "00c6d728bbca9bc18bdc62b7aacf0618f2d693de478d644cc80c43eba3b26714",
    ])
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
