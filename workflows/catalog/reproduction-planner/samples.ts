/** A method section made up for the preset, with gaps and one contradiction to its code, and the listing of that code. */
export const DISTIL_METHOD = `# Small models that summarise support tickets

## 3 Method
We fine-tune Pythia-410M on the SupportSum corpus, which holds 18,000 training examples with 900 tokens on average. The model learns to write a summary of two sentences. We use AdamW with a learning rate of 3e-4 and a batch size of 32, and train for 3 epochs. Inputs are truncated to 1,024 tokens.

## 4 Experiments
The test set holds 1,500 tickets of towns that are not in the training data. We report ROUGE-L against the summaries of agents. Our model reaches 41.2 ROUGE-L, the baseline of the first two sentences 33.5. A larger model without training reaches 38.9. Summaries are decoded with beam search of size 4.

## 5 Reproducibility
Code is available at https://github.com/example/ticket-summaries. All runs used a single A100 GPU.
`;
export const DISTIL_CODE = `requirements.txt
torch==2.3.1
transformers==4.44.2
--- train.py
parser.add_argument("--model_name", default="EleutherAI/pythia-410m")
parser.add_argument("--learning_rate", default=1e-4)
parser.add_argument("--batch_size", default=32)
parser.add_argument("--weight_decay", default=0.01)
set_seed(13)  # seed 13
--- evaluate.py
scorer = rouge_scorer.RougeScorer(["rougeL"])
`;
export const PRETRAIN_METHOD = `# Data order matters in small language models

## 2 Setup
We train a decoder with 125 million parameters on the OpenText corpus with 2.5 billion tokens. We use Adam with a cosine schedule and a weight decay of 0.1. Documents are deduplicated and the vocabulary has 32,000 entries. Each order is trained with three seeds on eight V100 GPUs.

## 3 Evaluation
We measure perplexity on a held-out set of 5,000 documents. Sorted by length the model reaches a perplexity of 21.7, in random order 22.9. The difference is larger than the spread over seeds.
`;
