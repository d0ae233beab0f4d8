/** The session that the address names. A link to it lasts. */
import { useEffect, useState } from 'preact/hooks';
import { linkToSession, type SessionLink, sessionInLink } from '../../history/session-link.ts';

export function useSessionLink(): readonly [SessionLink | null, (link: SessionLink | null) => void] {
  const [link, setLink] = useState(() => sessionInLink(location.hash));
  useEffect(() => {
    const changed = () => setLink(sessionInLink(location.hash));
    addEventListener('hashchange', changed);
    return () => removeEventListener('hashchange', changed);
  }, []);
  const change = (next: SessionLink | null) => {
    setLink(next);
    const hash = next === null ? '' : linkToSession(next);
    try {
      const isOpen = sessionInLink(location.hash) !== null;
      const address = `${location.pathname}${location.search}${hash}`;
      if (isOpen || next === null) history.replaceState(null, '', address);
      else history.pushState(null, '', address);
    } catch {
      // A page from `file:` may change its hash alone.
      location.hash = hash;
    }
  };
  return [link, change];
}
