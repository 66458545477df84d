/** Two drafts made up for the presets, with what such drafts often leave out. */
export const CACHE_PAPER = `# Reusing tool results in small language-model agents

## Abstract
Agents that call tools often ask the same question twice. We propose a cache that answers repeated tool calls from memory. On 120 tasks of an internal help desk the cached agent needs 31% fewer tool calls and solves 74% of the tasks, where the agent without a cache solves 71%. We conclude that caching makes agents better and cheaper.

## 1 Introduction
Tool calls are slow and cost money. Earlier work shortens the history of an agent, but little work looks at calls that were made before. We ask whether a simple cache changes what an agent achieves. Our contributions are a cache keyed by tool and arguments, and an evaluation on help-desk tasks.

## 2 Method
The cache maps a tool and its arguments to the result. A call that was made before is answered from the cache. Entries never expire within a task. The agent is prompted with the same template in both settings and uses temperature 0.2. We tuned the template with the cached agent until the results were good.

## 3 Experiments
We compare with the same agent without a cache. Tasks are 120 tickets that were closed by people in spring. Success is measured by a language model that reads the final answer. The cached agent solves 89 tickets, the baseline 85. Each setting was run once. The cached agent calls tools 1,410 times, the baseline 2,043 times.

## 4 Discussion
The cache removes a third of the calls. The gain in solved tickets shows that agents profit from stable results. Stale results could be a problem in other domains; we leave an analysis of failures to future work.

## 5 Conclusion
A cache is a simple way to make tool-using agents cheaper. Code will be released after publication.
`;
export const DATASET_PAPER = `# A corpus of municipal council minutes for summarisation

## Abstract
We release a corpus of 4,200 minutes of council meetings in two languages with summaries written by clerks. The corpus is split by town, so that no town is in both training and test set. We report three baselines.

## 1 Introduction
Council minutes are public and hard to read. Prior work on meeting summarisation uses staged or corporate meetings. Unlike these, our minutes come from 38 towns and cover ten years.

## 2 Collection
We downloaded minutes from the web pages of towns that publish them under an open licence. Two annotators read 200 documents and marked names of private persons, which were replaced. Documents shorter than 300 words were removed. Duplicates were found by hashing.

## 3 Statistics
The corpus has 4,200 documents with 5,100 words on average. Summaries have 180 words on average. The test set has 420 documents of four towns.

## 4 Baselines
The first sentences of the minutes reach 21.4 ROUGE-L. An extractive method reaches 26.0, a language model without training 29.3. The metric is ROUGE-L against the clerk's summary.

## 5 Limitations
Clerks write for insiders, and their summaries leave out discussions. Two languages of one region do not stand for others.
`;
