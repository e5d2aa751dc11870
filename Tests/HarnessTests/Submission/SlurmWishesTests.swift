import Harness
import Records
import Testing

@Suite struct SlurmWishesTests {
  @Test(arguments: [
    "main; rm -rf /", "$(id)", "`id`", "a b", "", "--array=1", "a\nb", "a'b", "a\"b", "a|b", "a&b", "ä",
    String(repeating: "a", count: 201),
  ])
  func `a word that could be read as anything else is refused`(word: String) {
    #expect(throws: SubmissionError.self) {
      _ = try SlurmWishes(partition: word, account: nil, time: nil, extra: [])
    }
    #expect(throws: SubmissionError.self) {
      _ = try SlurmWishes(partition: nil, account: word, time: nil, extra: [])
    }
  }

  @Test func `names as clusters have them are taken`() throws {
    let wishes = try SlurmWishes(
      partition: "gpu-a100,cpu_2", account: "proj.7@site", time: "2h",
      extra: ["--constraint=avx512&ib", "--exclusive"])
    #expect(wishes.partition == "gpu-a100,cpu_2" && wishes.account == "proj.7@site" && wishes.seconds == 7200)
    #expect(wishes.extra == ["--constraint=avx512&ib", "--exclusive"])
  }

  @Test(arguments: [("90s", 90), ("30m", 1800), ("1-02:03:04", 93_784), ("0-00:10:00", 600)])
  func `times are read in one way`(text: String, seconds: Int) throws {
    #expect(try SlurmWishes(partition: nil, account: nil, time: text, extra: []).seconds == seconds)
  }

  @Test(arguments: ["30", "1:30", "2:00:00", "1-24:00:00", "0-00:00:00", "UNLIMITED", "", "-5m", "1h;id"])
  func `times that could mean two things are refused`(text: String) {
    #expect(throws: SubmissionError.self) {
      _ = try SlurmWishes(partition: nil, account: nil, time: text, extra: [])
    }
  }

  @Test(arguments: [
    "--array=0-5", "--job-name=x", "--job=x", "--wrap=id", "--wra=id", "--output=/x", "--export=ALL",
    "--wait",
    "--clusters=a", "--test-only", "-a0", "--", "constraint=x", "--constraint=", "--comment=a\nb",
    "--Partition=x",
  ])
  func `options that would make it another submission are refused`(option: String) {
    #expect(throws: SubmissionError.self) {
      _ = try SlurmWishes(partition: nil, account: nil, time: nil, extra: [option])
    }
  }

  @Test func `what is ordered is one word each, and the script quotes its paths`() throws {
    let store = "/tmp/a b'c; echo $HOME"
    let order = JobOrder(
      tag: "mneme-1", plan: Digest.sha256([1]), jobs: 5, most: 2, threads: 3,
      command: ["/opt/my programs/mneme", "worker", "--store", store, "--index"],
      logFolder: "\(store)/jobs/p",
      wishes: try SlurmWishes(partition: "p", account: "a", time: "90s", extra: ["--gres=gpu:1"]),
      mebibytes: 7)
    let words = Slurm().arguments(for: order)
    #expect(words.contains("--output=\(store)/jobs/p/%A_%a.log"))
    #expect(words.contains("--array=0-4%2") && words.contains("--time=2") && words.contains("--mem=7M"))
    #expect(words.contains("--signal=B:USR2@22") && words.contains("--gres=gpu:1"))
    #expect(
      words.last
        == "--wrap=exec '/opt/my programs/mneme' worker --store '/tmp/a b'\\''c; echo $HOME' --index \"$SLURM_ARRAY_TASK_ID\""
    )
  }
}
