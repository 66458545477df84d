import { z } from 'zod';

/** Fields of a form for a model that is not in the list: its shape as config.json gives it. The defaults are those of an 8-billion
 * model. @param field  the select that has the choice `custom` */
const count = (title: string, description: string, normal: number, max: number, showIf: object) => z.int().min(1).max(max).default(normal).meta({ title, description, 'x-show-if': showIf });
export function ownShapeFields(field: string) {
  const showIf = { field, equals: 'custom' };
  return {
    custom_name: z.string().trim().max(120).default('').meta({ title: 'Name of the model', description: 'As on the hub, e.g. organisation/model.', 'x-show-if': showIf }),
    custom_parameters_billion: z.number().min(0.01).max(2000).default(8).meta({ title: 'Parameters', description: 'All weights, in billions.', 'x-show-if': showIf, 'x-ui': { unit: 'billion' } }),
    custom_layers: count('Layers', 'num_hidden_layers in config.json.', 32, 500, showIf), custom_hidden_size: count('Width', 'hidden_size in config.json.', 4096, 65_536, showIf),
    custom_heads: count('Attention heads', 'num_attention_heads in config.json.', 32, 1024, showIf), custom_kv_heads: count('Key-value heads', 'num_key_value_heads in config.json; the attention heads when it is not there.', 8, 1024, showIf),
    custom_head_size: count('Size of a head', 'head_dim in config.json, or width through heads.', 128, 4096, showIf), custom_intermediate_size: count('Width of the feed-forward part', 'intermediate_size in config.json.', 14_336, 262_144, showIf),
    custom_vocabulary: count('Vocabulary', 'vocab_size in config.json.', 128_256, 2_000_000, showIf),
  };
}
