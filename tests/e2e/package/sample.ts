// What a page may and may not write with the package's types; compiled, never run.
import { connect } from 'waypost';
import type { Captured, News, WaypostError } from 'waypost';

const waypost = connect({ relay: 'https://relay.example.org/waypost/o/physics' });

export async function report(): Promise<Captured> {
  await waypost.defaults({ object: { id: 'https://x.example/', type: 'course' }, language: 'en' });
  await waypost.on('delivered', ({ ids }) => console.log(ids.length));
  const listener = ({ violations, kept }: News['rejected']) =>
    console.log(violations[0]?.rule, kept);
  await waypost.on('rejected', listener);
  await waypost.off('rejected', listener);
  const waiting: number = await waypost.pending();
  console.log(waiting);
  await waypost.flush();
  await waypost('answered', { response: 20, success: true, score: { raw: 8, min: 0, max: 10 } });
  await waypost
    .track({ verb: { id: 'https://x.example/verb' }, context: { platform: 'X' } })
    .catch((error: WaypostError) => console.log(error.code, error.violations));
  const captured = await waypost('passed');
  const safe: boolean = captured.stored === 'disk' || captured.stored === 'journal';
  return safe ? captured : waypost('passed');
}

// @ts-expect-error: the relay's address is needed
connect({});
// @ts-expect-error: no such member of an event
void waypost('passed', { sucess: true });
// @ts-expect-error: no verb
void waypost.track({ score: 1 });
// @ts-expect-error: no such news
void waypost.on('deliverd', () => undefined);
