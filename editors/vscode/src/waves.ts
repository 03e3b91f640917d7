/** What the extension reads of hardcut's JSON. */

/** A wave as `hardcut status --format json` describes it. */
export interface Wave {
  readonly id: string;
  readonly title: string | null;
  readonly state: string;
  readonly remaining: number;
}

/** The waves of a status report. Throws an error if the text is not one. */
export function wavesOf(text: string): Wave[] {
  const report: unknown = JSON.parse(text);
  const waves = (report as { waves?: unknown }).waves;
  if (!Array.isArray(waves)) {
    throw new Error("the report has no list of waves");
  }
  return waves as Wave[];
}

/** A wave in a list: `1 · Callers move`. */
export function label(wave: Wave): string {
  return wave.title ? `${wave.id} · ${wave.title}` : wave.id;
}
