'use client';
import { Bar, BarChart, CartesianGrid, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts';
import type { UsageGroup, UsageWire } from '#contracts/api/usage.schema';
import { formatCost, formatTokens } from '../../lib/format';
import { daysOf } from '../../lib/spend';

const MOST_BARS = 12;
const dayOfYear = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' });
interface Point { label: string; value: number }

/** Money of each row; tokens where nothing had a price, so that the chart is not empty for the demo. */
function pointsOf(usage: UsageWire): { points: Point[]; money: boolean } {
  const money = usage.total.cost_usd_micros > 0;
  const valueOf = (row: UsageWire['total'] | undefined): number => (row ? (money ? row.cost_usd_micros : row.input_tokens + row.output_tokens) : 0);
  const byKey = new Map(usage.rows.map((row) => [row.key, row]));
  const points = usage.group_by === 'day' ? daysOf(usage.from, usage.to).map((day) => ({ label: dayOfYear.format(new Date(day)), value: valueOf(byKey.get(day)) })) : usage.rows.slice(0, MOST_BARS).map((row) => ({ label: row.label, value: valueOf(row) }));
  return { points, money };
}

/** The table below as bars; it says nothing that the table does not say. */
export function UsageChart({ usage, group }: { usage: UsageWire; group: UsageGroup }) {
  const { points, money } = pointsOf(usage);
  const format = (value: unknown): string => (money ? formatCost(Math.round(Number(value))) : formatTokens(Math.round(Number(value))));
  const tick = { fill: 'var(--muted)', fontSize: 12 };
  const lying = group !== 'day';
  return (
    <figure className="mb-4" aria-label={`${money ? 'Cost' : 'Tokens'} by ${group}; the table below has the figures`}>
      <figcaption className="text-sm text-muted">{money ? 'Cost' : 'Tokens'} by {group}</figcaption>
      <div aria-hidden className="mt-2" style={{ height: lying ? 40 + points.length * 30 : 200 }}>
        <ResponsiveContainer width="100%" height="100%" initialDimension={{ width: 600, height: 200 }}>
          <BarChart data={points} layout={lying ? 'vertical' : 'horizontal'} margin={{ top: 4, right: 8, bottom: 0, left: 0 }} accessibilityLayer={false}>
            <CartesianGrid stroke="var(--rule)" vertical={lying} horizontal={!lying} />
            {lying ? <XAxis type="number" tick={tick} tickFormatter={format} stroke="var(--control)" /> : <XAxis dataKey="label" tick={tick} stroke="var(--control)" minTickGap={24} />}
            {lying ? <YAxis type="category" dataKey="label" tick={tick} width={150} stroke="var(--control)" /> : <YAxis tick={tick} tickFormatter={format} width={72} stroke="var(--control)" />}
            <Tooltip formatter={format} cursor={{ fill: 'var(--sunken)' }} contentStyle={{ background: 'var(--surface)', border: '1px solid var(--control)', color: 'var(--ink)' }} />
            <Bar dataKey="value" name={money ? 'cost' : 'tokens'} fill="var(--muted)" isAnimationActive={false} maxBarSize={24} />
          </BarChart>
        </ResponsiveContainer>
      </div>
    </figure>
  );
}
