/**
 * Waits until nobody else has a session with the address; with what ends one's own turn. Null where `within` milliseconds
 * were not enough.
 */
export type AddressLock = (address: string, within: number) => Promise<(() => void) | null>;

/** One session at a time with each address, for several names may lead to one server. */
export function createAddressLock(): AddressLock {
  const last = new Map<string, Promise<unknown>>();
  return async (address, within) => {
    const before = last.get(address);
    let release = () => {};
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    // Whoever gives up waiting still lets the next one wait for those before.
    last.set(address, Promise.all([before, released]));
    if (before === undefined || (await settlesWithin(before, within))) return release;
    release();
    return null;
  };
}

function settlesWithin(promise: Promise<unknown>, within: number): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, within, false);
    void promise.then(() => {
      clearTimeout(timer);
      resolve(true);
    });
  });
}
