import { formatCost, formatTokens } from '../../lib/format';
import type { ProviderWire } from '../../lib/queries';
import { Fold } from '../ui/fold';

/** Micro-dollars a million tokens, as money. */
const price = (micros: number | null): string => (micros === null ? 'unknown' : formatCost(micros));

/** What the provider can do, and each model with its room and its price. */
export function ModelList({ provider }: { provider: ProviderWire }) {
  const { models, capabilities } = provider;
  const others = provider.listed_models.filter(({ known }) => !known);
  const able = [capabilities.streaming ? 'streams' : null, capabilities.tools ? 'calls tools' : null, capabilities.vision ? 'reads pictures' : null].filter((word) => word !== null);
  return (
    <Fold title="Models and prices" aside={String(models.length + others.length)} className="mt-3">
      {able.length > 0 ? <p className="text-sm text-muted">{able.join(', ')}</p> : null}
      <div tabIndex={0} role="group" aria-label={`Models of ${provider.display_name}`} className="relative mt-2 max-h-64 overflow-auto">
        <table className="w-full text-left text-sm">
          <caption className="sr-only">Models of {provider.display_name}: context in tokens, price of a million tokens in and out</caption>
          <thead className="text-muted"><tr className="border-b [&>th]:py-1 [&>th]:pr-3 [&>th]:font-medium"><th scope="col">Model</th><th scope="col" className="text-right">Context</th><th scope="col" className="text-right">In</th><th scope="col" className="text-right">Out</th></tr></thead>
          <tbody className="divide-y divide-rule font-mono text-xs">
            {models.map((model) => <tr key={model.id} className="[&>*]:py-1 [&>*]:pr-3"><th scope="row" className="font-normal break-all">{model.id}</th><td className="text-right">{formatTokens(model.context_tokens)}</td><td className="text-right">{price(model.input_price)}</td><td className="text-right">{price(model.output_price)}</td></tr>)}
            {others.map(({ id }) => <tr key={id} className="[&>*]:py-1 [&>*]:pr-3"><th scope="row" className="font-normal break-all">{id}</th><td colSpan={3} className="text-right">unknown</td></tr>)}
          </tbody>
        </table>
      </div>
      <p className="mt-2 text-xs text-muted">{provider.simulated ? 'Nothing is bought with the demo.' : `Price of a million tokens, as of ${provider.price_date}.`}</p>
    </Fold>
  );
}
