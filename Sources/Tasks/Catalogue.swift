/// Every task a manifest may name. Adding one is adding its type here.
package let taskCatalogue: [any LearningTask.Type] = [
  Sorting.self
]
