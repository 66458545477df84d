'use client';
import { Search } from 'lucide-react';
import { useEffect, useState } from 'react';
import { Input } from '../ui/input';
import { Select, type SelectOption } from '../ui/select';

const ANY = 'any';
const TYPING_MS = 300;

export function FilterSelect({ label, value, options, onChange }: { label: string; value: string | null; options: readonly SelectOption[]; onChange: (value: string | null) => void }) {
  return <Select aria-label={label} value={value ?? ANY} onValueChange={(next) => onChange(next === ANY ? null : next)} options={[{ value: ANY, label: `${label}: any` }, ...options]} className={value ? 'border-accent' : undefined} />;
}

/** Searches on the server, a moment after the last letter. */
export function SearchField({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const [text, setText] = useState(value);
  const [seen, setSeen] = useState(value);
  // The address changed by itself (back button, Clear): take its word.
  if (value !== seen) {
    setSeen(value);
    setText(value);
  }
  useEffect(() => {
    if (text === value) return;
    const timer = setTimeout(() => onChange(text), TYPING_MS);
    return () => clearTimeout(timer);
  }, [text, value, onChange]);
  return (
    <label className="relative max-lg:col-span-2"><span className="sr-only">Search runs</span><Search aria-hidden className="absolute top-1/2 left-3 size-4 -translate-y-1/2 text-muted" /><Input type="search" placeholder="Search inputs, result, run id" className="pl-9" value={text} onChange={(event) => setText(event.target.value)} /></label>
  );
}
