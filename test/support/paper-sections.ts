import { sectionsOf } from '#workflows/steps/document-input';
import { contentOf, type Section } from '#workflows/steps/paper-text';

/** A pasted paper as a workflow reads it. */
export const paperSections = (text: string): Section[] => contentOf(sectionsOf([{ text, page: null, url: null, source: 'input', title: '' }]));
