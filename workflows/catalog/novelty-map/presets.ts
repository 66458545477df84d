/** Neighbours with abstracts in our own words, so that the map can be drawn without a network; the papers are real. */
const RETRIEVAL_BIB = `@inproceedings{lewis2020rag,
  title = {Retrieval-Augmented Generation for Knowledge-Intensive NLP Tasks},
  author = {Lewis, Patrick and Perez, Ethan and Piktus, Aleksandra},
  year = {2020}, booktitle = {NeurIPS}, eprint = {2005.11401},
  abstract = {A generator is combined with a dense retriever over Wikipedia. Retrieved passages are given to the generator, and both are trained end to end. Answers become more specific and more factual than those of a generator alone.}
}
@article{asai2023selfrag,
  title = {Self-RAG: Learning to Retrieve, Generate, and Critique through Self-Reflection},
  author = {Asai, Akari and Wu, Zeqiu and Wang, Yizhong},
  year = {2023}, eprint = {2310.11511},
  abstract = {A language model learns to decide when to retrieve passages and to criticise its own answer with reflection tokens. Retrieval happens on demand instead of always. The model marks whether each sentence is supported by a passage.}
}
@inproceedings{jiang2023flare,
  title = {Active Retrieval Augmented Generation},
  author = {Jiang, Zhengbao and Xu, Frank F. and Gao, Luyu},
  year = {2023}, booktitle = {EMNLP}, eprint = {2305.06983},
  abstract = {Long answers are written with retrieval in between. The next sentence is drafted first, and passages are retrieved when the draft holds words of low probability. The decision to retrieve follows from the confidence of the model.}
}
@article{yao2022react,
  title = {ReAct: Synergizing Reasoning and Acting in Language Models},
  author = {Yao, Shunyu and Zhao, Jeffrey and Yu, Dian},
  year = {2022}, eprint = {2210.03629},
  abstract = {Reasoning steps and actions are written in turn. The model calls a search interface, reads the observation and goes on reasoning. Fewer facts are invented on question answering and fact checking.}
}
@inproceedings{kuhn2023semantic,
  title = {Semantic Uncertainty: Linguistic Invariances for Uncertainty Estimation in Natural Language Generation},
  author = {Kuhn, Lorenz and Gal, Yarin and Farquhar, Sebastian},
  year = {2023}, booktitle = {ICLR}, eprint = {2302.09664},
  abstract = {Several answers are sampled and grouped by meaning. The entropy over the groups predicts whether an answer is wrong better than the probability of tokens. No training and no second model is needed beyond one that compares meanings.}
}`;

const EVALUATION_BIB = `@inproceedings{zheng2023judge,
  title = {Judging LLM-as-a-Judge with MT-Bench and Chatbot Arena},
  author = {Zheng, Lianmin and Chiang, Wei-Lin and Sheng, Ying},
  year = {2023}, booktitle = {NeurIPS}, eprint = {2306.05685},
  abstract = {Strong language models judge the answers of others. Agreement with people is as high as between people. Judges prefer the first place, longer answers and their own answers, and swapping places helps.}
}
@article{verga2024juries,
  title = {Replacing Judges with Juries: Evaluating LLM Generations with a Panel of Diverse Models},
  author = {Verga, Pat and Hofstatter, Sebastian and Althammer, Sophia},
  year = {2024}, eprint = {2404.18796},
  abstract = {A panel of smaller models from different families judges answers. The panel agrees better with people than one large judge, costs less and has less bias towards its own family.}
}
@article{wang2023fair,
  title = {Large Language Models are not Fair Evaluators},
  author = {Wang, Peiyi and Li, Lei and Chen, Liang},
  year = {2023}, eprint = {2305.17926},
  abstract = {The rank of two answers can be turned around by their order alone. Balancing positions, asking for several pieces of evidence and calling in people for hard cases brings the judgement nearer to that of people.}
}`;

export const PRESETS = [
  {
    key: 'retrieval', title: 'Retrieve only when unsure',
    inputs: {
      idea: 'A question answering system retrieves passages only when several sampled answers disagree in meaning. The entropy over groups of answers decides when to retrieve, without training the language model. When passages and sampled answers disagree, the system asks a person instead of answering.',
      known_bib: RETRIEVAL_BIB, paper_files: [], claim_number: 3,
    },
  },
  {
    key: 'judges', title: 'A jury that says when it does not know',
    inputs: {
      idea: 'A panel of small language models judges answers, and each judge sees both orders. Judges whose verdict changes with the order lose their vote on that pair. The share of lost votes tells which pairs a person has to judge.',
      claims: ['A panel of small models in which a judge loses its vote when the order changes its verdict', 'The share of lost votes tells which pairs a person has to judge'], known_bib: EVALUATION_BIB, paper_files: [], claim_number: 2, from_year: 2021,
    },
  },
];
