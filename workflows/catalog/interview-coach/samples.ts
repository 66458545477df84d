/** Texts for the presets, written for this platform. */
export const JOB_AD = `Machine Learning Engineer, language model applications

About the role
You build and run features that rest on language models for a customer service product. You work with two engineers, a designer and the support team.

What you will do
- Build retrieval pipelines and measure their recall
- Write prompts and tools for agents, and evaluate them before release
- Serve models within a latency and cost budget
- Protect the product against prompt injection and data leaks
- Compare models with statistics instead of impressions

What we look for
- Two years of Python in production
- You can explain a trade-off to people who are not engineers
- Experience with fine-tuning is welcome, not required`;

export const SYLLABUS = `Foundations of Language Models: oral examination

Topics
1. Tokenizers: byte pair encoding, vocabulary size, effects on cost
2. Transformer architecture: attention, causal mask, residual stream, parameter count
3. Training loop: loss, learning rate schedule, overfitting one batch, debugging
4. Fine-tuning methods: LoRA, preference optimisation, when not to fine-tune
5. Evaluation: test sets, confidence intervals, significance of differences
6. Quantization and serving: memory, batching, key-value cache

The examination lasts 30 minutes. The examiner expects one worked example for each topic and asks for the limits of every method.`;
