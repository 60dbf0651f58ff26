import { useEffect, useRef, useState } from 'preact/hooks';
import { signal } from '@preact/signals';
import { Failure, skew } from './api';

/** The server's time in milliseconds, a second at a time while the page is visible. */
export const now = signal(Date.now());

const tick = () => {
  if (!document.hidden) now.value = Date.now() + skew.value;
};
setInterval(tick, 1000);
document.addEventListener('visibilitychange', tick);

export interface Live<T> {
  data?: T;
  failed?: Failure;
  /** Asks again at once, e.g. after a change. */
  again: () => void;
}

const longestWait = 30_000;

/** What `load` answers, looked up again every so often while the page is visible; slower while it is refused. */
export function useLive<T>(load: () => Promise<T>, deps: readonly unknown[] = [], every = 5000): Live<T> {
  const [state, setState] = useState<{ data?: T; failed?: Failure }>({});
  const run = useRef(() => {});
  useEffect(() => {
    let [timer, failures, newest] = [0, 0, 0];
    const look = async () => {
      clearTimeout(timer);
      const mine = ++newest;
      if (document.hidden) return;
      let wait = every;
      try {
        const data = await load();
        if (mine !== newest) return;
        failures = 0;
        setState({ data });
      } catch (error) {
        if (mine !== newest) return;
        const failed = error instanceof Failure ? error : new Failure(0, 'bug', String(error));
        setState(old => ({ data: old.data, failed }));
        const backOff = Math.min(longestWait, (failed.status ? every : 1000) * 2 ** failures++);
        wait = Math.max(backOff, failed.retryAfterSeconds * 1000);
      }
      timer = window.setTimeout(look, wait);
    };
    const seen = () => void look();
    run.current = seen;
    document.addEventListener('visibilitychange', seen);
    seen();
    return () => {
      newest = -1;
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', seen);
    };
  }, deps);
  return { ...state, again: () => run.current() };
}
