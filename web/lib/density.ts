/** How high a row of a list is; the heights in rem stand beside them in app/globals.css. */
export const DENSITIES = ['compact', 'default', 'touch'] as const;
export type Density = (typeof DENSITIES)[number];
export const DENSITY_WORDS: Record<Density, string> = { compact: 'compact (28 px)', default: 'ordinary (36 px)', touch: 'high, for fingers (44 px)' };

/** For what places its rows itself, in CSS pixels. */
export const ROW_PX: Record<Density, number> = { compact: 28, default: 36, touch: 44 };
