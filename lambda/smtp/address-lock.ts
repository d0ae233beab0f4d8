/**
 * Waits until there is no other session with the address. Returns a function that releases the lock, or null after
 * `within` milliseconds.
 */
export type AddressLock = (address: string, within: number) => Promise<(() => void) | null>;

/** Allows one session at a time with each address, because several names may have the same address. */
export function createAddressLock(): AddressLock {
  const last = new Map<string, Promise<unknown>>();
  return async (address, within) => {
    const before = last.get(address);
    let release = () => {};
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    // After a timeout, the next caller still waits for the earlier ones.
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
