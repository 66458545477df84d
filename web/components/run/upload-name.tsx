'use client';
import { useQuery } from '@tanstack/react-query';
import { formatBytes } from '../../lib/format';
import { uploadQuery } from '../../lib/queries';

/** A file that a run was given: its name while it is kept, else its id. */
export function UploadName({ id }: { id: string }) {
  const { data } = useQuery(uploadQuery(id));
  return <span className="block">{data ? <>{data.file_name} <span className="text-muted">({formatBytes(data.file_size_bytes)})</span></> : <span className="font-mono text-sm">{id}</span>}</span>;
}
