import type { Metadata } from 'next';
import Link from 'next/link';
import { GLOSSARY, type GlossaryEntry } from '#contracts/glossary';
import { MODE_WORDS, RUN_MODES, RUN_STATUSES } from '#contracts/runs';
import { ModeStamp } from '../../../components/run/stamp';
import { StatusBadge } from '../../../components/run/status-badge';
import { ShortcutList, SingleKeySwitch } from '../../../components/shell/shortcut-list';
import { Panel } from '../../../components/ui/panel';
import { API_DOCS, API_HEALTH, API_READY, OPENAPI_DOCUMENT } from '../../../lib/links';
import { STATUS_LOOK } from '../../../lib/status';

export const metadata: Metadata = { title: 'Help' };

const LINKS = [
  { href: API_DOCS, title: 'API documentation', text: 'Every endpoint, with a form to try it.' },
  { href: OPENAPI_DOCUMENT, title: 'OpenAPI document', text: 'For generated clients and for agents.' },
  { href: API_HEALTH, title: 'Health', text: 'Version and state of the API.' },
  { href: API_READY, title: 'Readiness', text: 'Database and Temporal as the API sees them.' },
];

const WORDS = Object.entries<GlossaryEntry>(GLOSSARY).toSorted(([, a], [, b]) => a.word.toLowerCase().localeCompare(b.word.toLowerCase()));

export default function HelpPage() {
  return (
    <div>
      <h1 className="page-title">Help</h1>
      <p className="mt-1 max-w-prose text-md text-muted">The words and signs of this logbook, and where to look deeper.</p>
      <div className="mt-6 grid items-start gap-6 lg:grid-cols-2">
        <div className="grid gap-6">
          <Panel title="How far a run goes">
            <ul className="grid gap-3">{RUN_MODES.map((mode) => <li key={mode} className="grid grid-cols-[6.5rem_1fr] items-baseline gap-3"><ModeStamp mode={mode} className="justify-self-start" /><span><span className="font-medium">{MODE_WORDS[mode].verb}.</span> <span className="text-muted">{MODE_WORDS[mode].sentence}</span></span></li>)}</ul>
          </Panel>
          <Panel title="What keeps going when something breaks">
            <ul className="grid list-disc gap-2 pl-5 text-muted">
              <li>Close the page, lose the network, reload: the run goes on, and the page shows it from the first event.</li>
              <li>A worker that dies is replaced; finished steps are not done or paid again.</li>
              <li>See it for yourself: the <Link href="/drill" className="prose-link">crash drill</Link> kills the worker under a demo run and reports what was lost.</li>
              <li>Each run also stands in Temporal Web: the menu at the top of a run leads there.</li>
            </ul>
          </Panel>
          <Panel title="From a terminal">
            <dl className="grid gap-2.5">
              <div><dt className="font-mono">npm start</dt><dd className="text-muted">starts everything and prints a fresh sign-in link</dd></div>
              <div><dt className="font-mono">npm run doctor</dt><dd className="text-muted">says what is wrong and how to mend it</dd></div>
              <div><dt className="font-mono">npm run reset</dt><dd className="text-muted">removes all local data, after asking</dd></div>
            </dl>
          </Panel>
        </div>
        <div className="grid gap-6">
          <Panel title="What a status means">
            <ul className="grid gap-2.5">{RUN_STATUSES.map((status) => <li key={status} className="grid grid-cols-[6.5rem_1fr] items-baseline gap-3"><StatusBadge status={status} className="justify-self-start" /><span className="text-muted">{STATUS_LOOK[status].sentence}</span></li>)}</ul>
          </Panel>
          <Panel title="Look deeper" bodyClassName="p-0">
            <ul className="divide-y divide-rule">
              {LINKS.map(({ href, title, text }) => <li key={href} className="px-4 py-2.5"><a href={href} className="prose-link font-medium">{title}</a><span className="block text-sm text-muted">{text}</span></li>)}
              <li className="px-4 py-2.5"><Link href="/providers" className="prose-link font-medium">Providers</Link><span className="block text-sm text-muted">Add, test and remove keys.</span></li>
            </ul>
          </Panel>
        </div>
      </div>
      <Panel title="Words" className="mt-6">
        <dl className="grid gap-x-10 gap-y-3 md:grid-cols-2">
          {WORDS.map(([key, { word, meaning, page }]) => <div key={key} id={key} className="scroll-mt-20"><dt className="font-medium">{page ? <Link href={page} className="prose-link">{word}</Link> : word}</dt><dd className="text-muted">{meaning}</dd></div>)}
        </dl>
      </Panel>
      <Panel title="Keyboard shortcuts" className="mt-6"><ShortcutList /><div className="mt-4 border-t pt-2"><SingleKeySwitch /></div></Panel>
    </div>
  );
}
