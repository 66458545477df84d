import { Monitor, Moon, Sun } from 'lucide-react';

export const THEMES = [{ key: 'light', label: 'Light', Icon: Sun }, { key: 'dark', label: 'Dark', Icon: Moon }, { key: 'system', label: 'As the system', Icon: Monitor }] as const;
