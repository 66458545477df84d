'use client';
import { useQuery } from '@tanstack/react-query';
import { excerptOf } from '../../lib/excerpt';
import { artifactContentQuery } from '../../lib/queries';
import { SafeMarkdown } from '../safe-markdown';
import type { ArtifactFile } from './artifact-content';

const LARGE = 400_000;

/** How the result begins, fading out below: a picture of it. The text itself is one press away, so nothing here can be focused. */
export function ResultExcerpt({ file }: { file: ArtifactFile }) {
  const { data, isPending } = useQuery({ ...artifactContentQuery(file.id), enabled: file.fileSizeBytes <= LARGE });
  const text = data ? excerptOf(data.content) : '';
  if (file.fileSizeBytes > LARGE || (!isPending && text === '')) return null;
  return <div inert data-slot="excerpt" data-print="hide" className="mt-3 h-36 overflow-hidden border-t pt-3 [mask-image:linear-gradient(#000_60%,transparent)]">{text ? <SafeMarkdown text={text} /> : null}</div>;
}
