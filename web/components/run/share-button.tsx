'use client';
import { Button } from '../ui/button';
import { notify } from '../ui/toast';

/** The address of what is on the screen: tab, chosen span and moment of the replay are part of it. */
export function ShareButton() {
  const share = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(window.location.href);
      notify('Link copied', 'done', 'It opens this view. Whoever opens it needs to be signed in and allowed to see the run.');
    } catch {
      notify('The link could not be copied', 'problem', 'Copy it from the address line.');
    }
  };
  return <Button variant="quiet" onClick={() => void share()}>Share</Button>;
}
