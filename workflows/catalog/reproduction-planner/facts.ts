import { pieces, sentencesOf, type Section } from '../../steps/paper-text.ts';
import type { Job } from './sizes.ts';

/** What somebody has to know before a result can be had again, looked for by code in the paper and in the code, with the place where it
 * stands. Pure. */
export type Area = 'training' | 'data' | 'evaluation' | 'environment';
export type Weight = 'blocking' | 'important' | 'minor';
export interface FactSpec { id: string; title: string; area: Area; jobs: readonly Job[] | 'all'; weight: Weight; /** the first group is the value */ patterns: readonly RegExp[]; numeric: boolean; /** what to do when nobody says it */ fallback: string }
export interface Place { value: string; where: string; sentence: string }
export interface Fact { spec: FactSpec; paper: Place | null; code: Place | null; state: 'paper' | 'code' | 'both' | 'differs' | 'missing' }

const NUMBER = String.raw`(\d[\d,]*(?:\.\d+)?(?:\s?[eE]-?\d+|\s?(?:[×x*]|\\times)\s?10\s?\^?\{?[-−]?\d+\}?)?)`;
const near = (name: string): RegExp => new RegExp(`(?:${name})[^.\\d\\n]{0,24}?${NUMBER}(?![\\w])`, 'i');
const before = (noun: string): RegExp => new RegExp(`${NUMBER}(?:\\s?(?:k|K|M|B|million|billion|thousand))?\\s+(?:${noun})\\b`);
const TRAIN: readonly Job[] = ['training', 'fine_tuning'];

export const FACTS: readonly FactSpec[] = [
  { id: 'learning_rate', title: 'Learning rate', area: 'training', jobs: TRAIN, weight: 'blocking', numeric: true, patterns: [near('learning[ _-]rate|\\blr\\b')], fallback: 'Search three values a factor of three apart on the validation set, and count the runs as cost.' },
  { id: 'batch_size', title: 'Batch size', area: 'training', jobs: TRAIN, weight: 'important', numeric: true, patterns: [near('batch[ _-]size'), before('(?:examples|sequences|samples) per (?:batch|step)')], fallback: 'Take the largest that fits, scale the learning rate with it, and say so.' },
  { id: 'length', title: 'Epochs or steps', area: 'training', jobs: TRAIN, weight: 'blocking', numeric: true, patterns: [before('(?:epochs?|(?:training |update |gradient |optimi[sz]er )?steps|iterations|updates)'), near('(?:num[_ ]?(?:train[_ ]?)?)?epochs|max[_ ]steps|total[_ ]steps')], fallback: 'Train until the validation loss stops falling, and report where that was.' },
  { id: 'optimizer', title: 'Optimizer', area: 'training', jobs: TRAIN, weight: 'important', numeric: false, patterns: [/\b(AdamW|Adam|Adafactor|SGD|RMSProp|Lion|LAMB|Adagrad|Muon)\b/i], fallback: 'Take AdamW with its usual settings.' },
  { id: 'schedule', title: 'Learning-rate schedule', area: 'training', jobs: TRAIN, weight: 'minor', numeric: false, patterns: [/\b(cosine|linear(?:ly)? (?:decay|schedule|warm)|constant (?:learning|schedule)|inverse square root|polynomial decay|one[- ]cycle)\b/i, /lr_scheduler(?:_type)?\W{0,4}["']?(\w+)/i], fallback: 'Take a cosine schedule with a short warm-up.' },
  { id: 'weight_decay', title: 'Weight decay', area: 'training', jobs: TRAIN, weight: 'minor', numeric: true, patterns: [near('weight[ _-]decay')], fallback: 'Take the default of the optimizer, and note it.' },
  { id: 'seeds', title: 'Seeds or number of runs', area: 'training', jobs: 'all', weight: 'important', numeric: false, patterns: [/\b(?:random )?seeds?\b\W{0,4}(\d[\d, ]*)/i, /\b((?:two|three|four|five|ten|\d+) (?:random )?(?:seeds|runs|trials|repetitions))\b/i], fallback: 'Use seeds 1, 2, 3, and report the spread.' },
  { id: 'model', title: 'Base model or architecture', area: 'training', jobs: 'all', weight: 'blocking', numeric: false, patterns: [/\b((?:Llama|LLaMA|Mistral|Qwen|Gemma|Phi|GPT|BERT|RoBERTa|T5|ResNet|ViT|Pythia|OPT|BLOOM|Falcon|DistilBERT|DeBERTa)[-\w.]*(?:[ -]\d+(?:\.\d+)?[BM])?)/, /model(?:_name(?:_or_path)?|_id)?\W{1,4}["']([\w./-]{3,60})["']/i], fallback: 'Ask the authors for name and version; pin the nearest public one.' },
  { id: 'parameters', title: 'Number of parameters', area: 'training', jobs: 'all', weight: 'important', numeric: false, patterns: [/\b(\d+(?:\.\d+)?\s?(?:M|B|million|billion))(?:[- ]parameters?|\s+(?:trainable )?parameters)\b/i, /\b\d*[A-Za-z]+-(\d+(?:\.\d+)?[BM])\b/], fallback: 'Count them from the architecture.' },
  { id: 'dataset', title: 'Data set and version', area: 'data', jobs: 'all', weight: 'blocking', numeric: false, patterns: [/\b(?:on|from|of|use|using) (?:the )?([A-Z][\w-]*(?:[ -][A-Z0-9][\w-]*){0,3}) (?:data ?set|corpus|benchmark)\b/, /dataset(?:_name)?\W{1,4}["']([\w./-]{3,60})["']/i], fallback: 'Ask the authors; use the nearest public set and call the result a replication.' },
  { id: 'data_size', title: 'Number of examples or tokens', area: 'data', jobs: 'all', weight: 'important', numeric: false, patterns: [/\b(\d[\d,]*(?:\.\d+)?\s?(?:k|K|M|B|million|billion|thousand)?)\s+(?:training |test )?(?:examples|samples|tokens|documents|sentences|images|questions|pairs|problems)\b/], fallback: 'Count the examples after every filter, and compare with the tables.' },
  { id: 'split', title: 'Split', area: 'data', jobs: 'all', weight: 'blocking', numeric: false, patterns: [/((?:held[- ]?out|test|validation|development|dev) (?:set|split|data)|cross-validation|\d+\s?\/\s?\d+(?:\s?\/\s?\d+)? split)/i], fallback: 'Use the official split; without one, make yours by a fixed seed and publish it.' },
  { id: 'preprocessing', title: 'Preprocessing or prompt', area: 'data', jobs: 'all', weight: 'important', numeric: false, patterns: [/\b(tokeni[sz](?:e[rd]?|ation)|lower-?cased?|normali[sz]ed|truncat(?:e[ds]?|ed to [\d,]+ tokens)|dedupl\w+|filter(?:ed|ing)|prompt template|max(?:imum)? (?:sequence )?length)\b/i], fallback: 'Take the reference code of the base model, and store one processed example.' },
  { id: 'metric', title: 'Metric', area: 'evaluation', jobs: 'all', weight: 'blocking', numeric: false, patterns: [/\b(accuracy|exact[- ]match|F1|BLEU|ROUGE(?:-[L\d])?|perplexity|pass@\d+|AUC|mean average precision|word error rate|Spearman|Pearson|recall@\d+|nDCG|RMSE)(?![\w])/i], fallback: 'Ask which averaging and normalisation was used; try both and report both.' },
  { id: 'evaluation_script', title: 'Evaluation script', area: 'evaluation', jobs: 'all', weight: 'important', numeric: false, patterns: [/\b(lm[- ]eval(?:uation)?[- ]harness|sacrebleu|official (?:evaluation )?script|evaluation script|eval\w*\.(?:py|sh))\b/i], fallback: 'Use a public harness, pin its commit, and check it on a published model first.' },
  { id: 'decoding', title: 'Decoding', area: 'evaluation', jobs: 'all', weight: 'important', numeric: false, patterns: [/\b(temperature\W{0,6}(?:of |to )?[\d.]+|greedy(?: decoding)?|beam (?:search|size)(?:\W{0,6}(?:of )?\d+)?|nucleus sampling|top[-_]?[pk]\W{0,4}[\d.]+)/i], fallback: 'Decode greedily first; it removes one source of difference.' },
  { id: 'hardware', title: 'Hardware and hours', area: 'environment', jobs: 'all', weight: 'important', numeric: false, patterns: [/\b((?:\d+|one|two|four|eight|a single)\s*(?:x|×)?\s*(?:NVIDIA )?(?:[AVHLT]\d{1,3}|RTX\s?\d+|TPU\w*|GPUs?)(?:[- ]\d+GB)?(?: GPUs?)?)\b/i], fallback: 'Measure one step, multiply, and add a fifth.' },
  { id: 'precision', title: 'Number format', area: 'environment', jobs: 'all', weight: 'minor', numeric: false, patterns: [/\b(bf16|bfloat16|fp16|float16|fp32|float32|mixed precision|int8|4-bit|8-bit)\b/i], fallback: 'Take bf16 where the device has it, else fp32.' },
  { id: 'versions', title: 'Library versions', area: 'environment', jobs: 'all', weight: 'important', numeric: false, patterns: [/\b((?:PyTorch|torch|TensorFlow|JAX|transformers|vllm|CUDA|Python)\s*(?:==|>=|version|v)?\s*\d+(?:\.\d+)+)/i, /\b(requirements\.txt|environment\.ya?ml|pyproject\.toml|Dockerfile|uv\.lock|poetry\.lock)\b/], fallback: 'Rebuild from the date of the paper, and commit a lock file.' },
  { id: 'code', title: 'Code', area: 'environment', jobs: 'all', weight: 'important', numeric: false, patterns: [/(https?:\/\/(?:github|gitlab)\.com\/[\w.-]+\/[\w.-]+)/i, /\b(code (?:is|are|will be) (?:publicly )?(?:available|released))/i], fallback: 'Write it from the paper, and say that you did.' },
];

export function findFacts(paper: readonly Section[], code: readonly Section[], job: Job): Fact[] {
  const inPaper = sentencesOf(paper);
  const inCode = code.flatMap(({ title, text }) => text.split('\n').flatMap((line) => pieces(line.trim())).concat(title).map((sentence) => ({ section: title, sentence })));
  return FACTS.filter(({ jobs }) => jobs === 'all' || jobs.includes(job)).map((spec) => {
    const [said, coded] = [placeIn(spec, inPaper), placeIn(spec, inCode)];
    const state: Fact['state'] = said && coded ? (spec.numeric && numberOf(said.value) !== numberOf(coded.value) ? 'differs' : 'both') : said ? 'paper' : coded ? 'code' : 'missing';
    return { spec, paper: said, code: coded, state };
  });
}

function placeIn(spec: FactSpec, lines: readonly { section: string; sentence: string }[]): Place | null {
  for (const pattern of spec.patterns) for (const { section: where, sentence } of lines) {
    const found = pattern.exec(sentence);
    if (found) return { value: (found[1] ?? found[0]).replace(/[.,\s]+$/, '').slice(0, 80), where, sentence: sentence.slice(0, 300).toWellFormed() };
  }
  return null;
}

/** `3e-4`, `3 × 10^{-4}`, `1,000` as numbers; NaN for what is none. */
export function numberOf(text: string): number {
  const plain = text.replace(/,(?=\d{3})/g, '').replace(/−/g, '-').trim();
  const power = /^(\d+(?:\.\d+)?)\s?(?:[×x*]|\\times)\s?10\s?\^?\{?(-?\d+)\}?$/.exec(plain);
  return power ? Number(`${power[1]}e${power[2]}`) : Number(plain.replace(/\s/g, ''));
}

export const WEIGHTS: readonly Weight[] = ['blocking', 'important', 'minor'];
export const gapsOf = (facts: readonly Fact[]): Fact[] => facts.filter(({ state }) => state === 'missing' || state === 'differs').toSorted((a, b) => WEIGHTS.indexOf(a.spec.weight) - WEIGHTS.indexOf(b.spec.weight));
export const wordsOf = ({ spec, paper, code, state }: Fact): string => (state === 'missing' ? `${spec.title} is not stated. ${spec.fallback}` : state === 'differs' ? `${spec.title} is ${paper?.value} in the paper and ${code?.value} in the code, so one of them did not make the tables.` : `${spec.title} is ${(paper ?? code)?.value}, as the ${paper ? 'paper' : 'code'} says.`);
/** The facts as sentences that a plan can cite, gaps first. */
export const factsText = (facts: readonly Fact[]): string => [...gapsOf(facts), ...facts.filter((fact) => !gapsOf(facts).includes(fact))].map(wordsOf).join('\n');
