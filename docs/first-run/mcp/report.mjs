// One line for each check, and a last line with the counts.

const LIMIT_MS = 25_000;

let passed = 0;
let failed = 0;

/**
 * Runs a check, for 25 seconds at most unless said otherwise; what it throws is told in its line. Gives what it gives,
 * else undefined.
 */
export async function check(what, run, limitMs = LIMIT_MS) {
  const began = performance.now();
  let given;
  let line;
  try {
    given = await within(limitMs, run());
    passed++;
    line = `ok      ${what}`;
  } catch (error) {
    failed++;
    line = `FAILED  ${what}: ${error?.message ?? error}`.replaceAll('\n', ' ');
  }
  console.log(`${line} (${((performance.now() - began) / 1000).toFixed(1)} s)`);
  return given;
}

/** The last line; the exit code to end with. */
export function summary() {
  console.log(`${passed} checks passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}

/** Waits until this is so; tells what it waited for where it takes longer. */
export async function until(what, isSo, limitMs = 15_000) {
  const end = performance.now() + limitMs;
  while (!isSo()) {
    if (performance.now() > end) {
      throw new Error(`not within ${limitMs / 1000} s: ${what}`);
    }
    await new Promise(again => setTimeout(again, 20));
  }
}

async function within(limitMs, promise) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no end within ${limitMs / 1000} s`)), limitMs);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
