interface HistoryJson { events: Record<string, unknown>[] }

/** Takes out of a history what replay does not read and what names the machine that recorded it: inputs of activities (the
 * workflow's commands are compared by type and id), stacks, identities. One line an event.
 * @param json  as historyToJSON writes it */
export function slimHistory(json: string): string {
  const { events } = JSON.parse(json) as HistoryJson;
  const lines = events.map((event) => JSON.stringify(event, (key, value: unknown) => {
    if (key === 'stackTrace' || key === 'identity') return '';
    if (key === 'activityTaskScheduledEventAttributes') return { ...(value as object), input: undefined };
    return value;
  }));
  return `{"events":[\n${lines.join(',\n')}\n]}\n`;
}
