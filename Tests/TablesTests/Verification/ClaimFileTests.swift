import Tables
import Testing

@Suite struct ClaimFileTests {
  private static let head = "table,claim,form,metric,a,b,along,each,at,printed,text,source\n"

  @Test(arguments: [
    ("table,claim\n", "expected the line \"table,claim,form"),
    ("", "found an empty file"),
    (head + "t.csv,x,t-grater,m,k=a,k=b,,,,0.05,s,p\n", "did you mean t-greater?"),
    (head + "t.csv,x,t-greater,m,k=a,k=b,,,,,s,p\n", "no `printed` that can be read in claim x"),
    (head + "t.csv,x,t-greater,m,k=a,k=b,,,,about 5,s,p\n", "no `printed` that can be read in claim x"),
    (
      head + "t.csv,x,highest,m,k=a,k=b,,,,,s,p\n", "found `b` in claim x, expected none for the form highest"
    ),
    (head + "t.csv,x,highest,m,k=a|b,,,,,,s,p\n", "one key with one label"),
    (head + "t.csv,x,highest,m,k,,,,,,s,p\n", "found \"k\" in a, expected a condition such as"),
    (head + "t.csv,x,equal,m,k=a,k=b,,,,,s,p\n", "expected a `table=` in it"),
    (head + "t.csv,x,falls,m,,,k,,,,s,\n", "found no source"),
    (head + "t.csv,x,falls,m,,,k,,,,s,p\nt.csv,x,falls,m,,,k,,,,s,p\n", "claim x of t.csv twice"),
    (head + "t.csv,x,falls\n", "found 3 fields, expected 12"),
  ])
  func `what is wrong in a file of claims is told by its line`(text: String, complaint: String) throws {
    #expect { try ClaimFile(csv: Array(text.utf8), file: "claims.csv") } throws: { error in
      "\(error)".contains(complaint) && "\(error)".hasPrefix("claims.csv:")
    }
  }

  @Test(arguments: [
    ("trial.csv,x,highest,test.accuracy,model.kind=memorai,,,,,,s,p\n", "did you mean memoria?"),
    (
      "trial.csv,x,difference,test.accuracy,model.kind=memoria,model.kind=b|c,,,,1%,s,p\n", "2 pairs of cells"
    ),
    (
      "trial.csv,x,falls,test.accuracy,,,model.kind,,model.kind=b,,s,p\n", "no cells of trial.csv for claim x"
    ),
    ("trial.csv,x,falls,test.accuracy,,,task.segments,,,,s,p\n", "has no column task.segments"),
    ("trial.csv,x,t-greater,test.accuracy,model.kind=memoria,model.kind=b,,,,0.05,s,p\n", "no deviation"),
  ])
  func `a claim about cells that are not there is refused`(claim: String, complaint: String) throws {
    let published =
      "model.kind,test.accuracy,test.accuracy.unit,tier\nmemoria,3,%,paper\nb,2,%,paper\nc,1,%,paper\n"
    #expect {
      try Trial.verification([("memoria", [0.03])], published: published, claims: claim)
    } throws: { error in
      "\(error)".contains(complaint)
    }
  }
}
