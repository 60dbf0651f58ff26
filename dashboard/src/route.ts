import { computed, signal } from '@preact/signals';

const hash = signal(location.hash);
addEventListener('hashchange', () => {
  hash.value = location.hash;
});

/** The parts of the address after `#/`, e.g. `orgs`, `demo`. */
export const route = computed(() => hash.value.replace(/^#\/?/, '').split('?')[0].split('/').map(decodeURIComponent));

export const to = (...parts: string[]): string => '#/' + parts.map(encodeURIComponent).join('/');

export const go = (...parts: string[]): void => {
  location.hash = to(...parts);
};
