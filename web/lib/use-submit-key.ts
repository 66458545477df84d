'use client';
import { useEffect, useEffectEvent } from 'react';

/** Control+Enter or Command+Enter, from any field of the page. Not while a dialog is open: it has its own buttons. */
export function useSubmitKey(submit: () => void): void {
  const onKey = useEffectEvent((event: KeyboardEvent) => {
    if (event.key !== 'Enter' || !(event.metaKey || event.ctrlKey) || document.querySelector('[role="dialog"]')) return;
    event.preventDefault();
    submit();
  });
  useEffect(() => {
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);
}
