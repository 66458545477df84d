/** Two drafts with the faults that real ones have. The works are real and well known; the faults are planted. */
export const TRANSFORMER_DRAFT = String.raw`\section{Related work}
Attention without recurrence was introduced by \cite{vaswani2017attention}, whose authors write that the Transformer is
“based solely on attention mechanisms, dispensing with recurrence and convolutions entirely”. Their large model reached 28.4 BLEU
on English-to-German translation \cite{vaswani2017attention}. On English-to-French it reached 43.9 BLEU \cite{vaswani2017attention}.

Pre-training came next. BERT raised the GLUE score to 80.5\% \cite{devlin2019bert}. Its authors call it
“a new universal model of human language understanding” \cite{devlin2019bert}.
Reasoning and acting were combined by ReAct \cite{yao2023react}, which outperforms imitation and reinforcement learning methods
by an absolute success rate of 34\% on ALFWorld \cite{yao2022react}.
Low-rank adaptation cuts the number of trainable parameters by 10,000 times \cite{hu2021lora}.
Retrieval helps too \cite{lewis2020rag}. In our own experiments it saved 17.5\% of the tokens.
`;

export const TRANSFORMER_BIB = String.raw`@inproceedings{vaswani2017attention,
  title = {Attention Is All You Need},
  author = {Vaswani, Ashish and Shazeer, Noam and Parmar, Niki and Uszkoreit, Jakob and Jones, Llion and Gomez, Aidan N. and Kaiser, Lukasz and Polosukhin, Illia},
  booktitle = {Advances in Neural Information Processing Systems},
  year = {2017},
  eprint = {1706.03762}, archiveprefix = {arXiv}
}
@inproceedings{devlin2019bert,
  title = {{BERT}: Pre-training of Deep Bidirectional Transformers for Language Understanding},
  author = {Devlin, Jacob and Chang, Ming-Wei and Lee, Kenton and Toutanova, Kristina},
  booktitle = {Proceedings of NAACL-HLT},
  year = {2019}, pages = {4186-4171},
  doi = {https://doi.org/10.18653/v1/N19-1423}
}
@article{yao2023react,
  title = {{ReAct}: Synergizing Reasoning and Acting in Language Models},
  author = {Yao, Shunyu and Zhao, Jeffrey et al.},
  journal = {arXiv preprint}, year = {2021},
  url = {https://arxiv.org/abs/2210.03629}
}
@misc{yao2022react,
  title = {ReAct: Synergizing reasoning and acting in language models},
  author = {Yao, Shunyu and others}, year = {2022}, eprint = {2210.03629}, archiveprefix = {arXiv}
}
@article{hu2021lora,
  title = {{LoRA}: Low-Rank Adaptation of Large Language Models},
  author = {Hu, Edward J. and Shen, Yelong}, journal = {TODO: venue}, year = {2021}, doi = {arXiv:2106.09685}
}
@article{brown2020gpt3,
  title = {Language Models are Few-Shot Learners}, author = {Brown, Tom B. and others}, journal = {Advances in Neural Information Processing Systems}, year = {2020}
}
`;

/** Opening sentences of the abstracts, as the papers print them. */
export const TRANSFORMER_SOURCES = [
  { key: 'vaswani2017attention', text: 'The dominant sequence transduction models are based on complex recurrent or convolutional neural networks in an encoder-decoder configuration. The best performing models also connect the encoder and decoder through an attention mechanism. We propose a new simple network architecture, the Transformer, based solely on attention mechanisms, dispensing with recurrence and convolutions entirely. Our model achieves 28.4 BLEU on the WMT 2014 English-to-German translation task, improving over the existing best results, including ensembles by over 2 BLEU. On the WMT 2014 English-to-French translation task, our model establishes a new single-model state-of-the-art BLEU score of 41.8 after training for 3.5 days on eight GPUs.' },
  { key: 'devlin2019bert', text: 'We introduce a new language representation model called BERT, which stands for Bidirectional Encoder Representations from Transformers. BERT is conceptually simple and empirically powerful. It obtains new state-of-the-art results on eleven natural language processing tasks, including pushing the GLUE score to 80.5% (7.7% point absolute improvement).' },
  { key: 'yao2022react', text: 'While large language models (LLMs) have demonstrated impressive capabilities across tasks in language understanding and interactive decision making, their abilities for reasoning and acting have primarily been studied as separate topics. On two interactive decision making benchmarks (ALFWorld and WebShop), ReAct outperforms imitation and reinforcement learning methods by an absolute success rate of 34% and 10% respectively, while being prompted with only one or two in-context examples.' },
];

export const THESIS_DRAFT = `# Measuring text generation

Automatic metrics came first. BLEU compares n-grams with references [@papineni2002bleu]. ROUGE does so for summaries [@lin2004rouge; @lin2004rougepackage].
Neither sees meaning. BERTScore uses contextual embeddings instead and correlates better with human judgments [@zhang2020bertscore].

Statistical care is rare. A bootstrap with 1,000 samples shows whether a difference is real [@koehn2004significance].
In our survey 62% of papers gave no interval.
`;
export const THESIS_BIB = String.raw`@inproceedings{papineni2002bleu, title = {{BLEU}: a Method for Automatic Evaluation of Machine Translation}, author = {Papineni, Kishore and Roukos, Salim and Ward, Todd and Zhu, Wei-Jing}, booktitle = {Proceedings of ACL}, year = {2002}, pages = {311-318}, doi = {10.3115/1073083.1073135}}
@inproceedings{lin2004rouge, title = {{ROUGE}: A Package for Automatic Evaluation of Summaries}, author = {Lin, Chin-Yew}, booktitle = {Text Summarization Branches Out}, year = {2004}, pages = {74-81}}
@inproceedings{lin2004rougepackage, title = {ROUGE: a package for automatic evaluation of summaries}, author = {Lin, C.-Y.}, year = {04}}
@inproceedings{zhang2020bertscore, title = {{BERTScore}: Evaluating Text Generation with {BERT}}, author = {Zhang, Tianyi and Kishore, Varsha and Wu, Felix and Weinberger, Kilian Q. and Artzi, Yoav}, booktitle = {ICLR}, year = {2020}, eprint = {1904.09675}, archiveprefix = {arXiv}, abstract = {We propose BERTScore, an automatic evaluation metric for text generation. Analogously to common metrics, BERTScore computes a similarity score for each token in the candidate sentence with each token in the reference sentence. However, instead of exact matches, we compute token similarity using contextual embeddings.}}
`;
