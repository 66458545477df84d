/** A short report written for this platform; every figure in it was measured with the lab tool `train_char_model`. */
export const LAB_REPORT = `Does a Longer Context Help a Very Small Character Model?

Abstract
A language model that looks further back should predict better, but only if it can learn from what it sees. We train a character model of about 5,000 parameters with a context of 1, 2, 4 and 8 characters for 300 steps and measure the validation loss over three seeds. A longer context does not help: the loss is 2.954 nats a character with a context of 2 and 3.063 with a context of 8. A table of letter pairs without any training reaches 2.747 and beats every trained model of that size. A wider hidden layer and a larger learning rate help more than a longer context.

1 Introduction
Tutorials on language models say that context is what separates a transformer from a table of letter pairs. A beginner therefore lengthens the context first. A longer context also means more weights to train and more combinations that were never seen. With few training steps the second effect may be stronger than the first. We ask which of the two wins in a model that trains in seconds on a laptop.

2 Method
The model is a character model in the manner of Bengio and colleagues (2003). Each character of the context becomes an embedding of 8 numbers. The embeddings are joined and pass through one hidden layer with 32 units. A softmax over the 93 characters of the text gives the prediction. We train with plain stochastic gradient descent, a batch of 64, a learning rate of 0.5 and a cosine decay to a tenth. The text is 60,000 characters of English technical prose. The first 54,000 characters are for training and the last 6,000 for validation. Every run is repeated with three seeds, and we report the mean of the validation loss. The baseline is a table of letter pairs with one added to each count.

3 Results
Table 1: Validation loss in nats a character, mean of three seeds. Context 1: 2.989. Context 2: 2.954. Context 4: 3.002. Context 8: 3.063. Letter pairs: 2.747. Chance: 4.533.
Figure 1: Validation loss against the context length, with one point for each seed and the letter pairs as a horizontal line.
Table 1 shows that the best trained model has a context of 2. The difference between context 2 and context 8 is 0.109, and the spread between seeds is at most 0.075. In Figure 1 every point lies above the line of the letter pairs. A hidden layer of 64 units lowers the loss at context 4 from 3.002 to 2.881, and a hidden layer of 16 units raises it to 3.096. With 64 units, one seed and a learning rate of 2.0, the loss falls to 2.62, which is the only run that beats the letter pairs.

4 Limitations
All runs stop after 300 steps, so the models are far from converged. The learning rate was not tuned for each context length. Only one text in one language was used. Three seeds are enough to see a difference of 0.1, but not a difference of 0.02. The run with a learning rate of 2.0 was made with one seed only.

5 Conclusion
In a very small model that trains for a few seconds, a longer context does not lower the validation loss. The learning rate and the width of the hidden layer matter more. A beginner should compare with the table of letter pairs before changing the architecture. Whether context helps after longer training is a question that this experiment cannot answer.`;

/** Abstract of arXiv 1706.03762 (arXiv's metadata are CC0). */
export const ATTENTION_ABSTRACT = `Abstract
The dominant sequence transduction models are based on complex recurrent or convolutional neural networks in an encoder-decoder configuration. The best performing models also connect the encoder and decoder through an attention mechanism. We propose a new simple network architecture, the Transformer, based solely on attention mechanisms, dispensing with recurrence and convolutions entirely. Experiments on two machine translation tasks show these models to be superior in quality while being more parallelizable and requiring significantly less time to train. Our model achieves 28.4 BLEU on the WMT 2014 English-to-German translation task, improving over the existing best results, including ensembles by over 2 BLEU. On the WMT 2014 English-to-French translation task, our model establishes a new single-model state-of-the-art BLEU score of 41.8 after training for 3.5 days on eight GPUs, a small fraction of the training costs of the best models from the literature. We show that the Transformer generalizes well to other tasks by applying it successfully to English constituency parsing both with large and limited training data.`;
