import type { DataPlane } from '@/lib/gateway/request/data-plane';
import type { Place } from '@/lib/gateway/request/held-bytes';
import { Problem } from '@/lib/http/problem';
import { blamed } from '@/lib/relay/refusal';
import { requestRoom } from '../data-door';
import { type RawExchange, RawHead } from './raw-exchange';

/** The room of a body that is read whole, until its call ends; what only passes takes none. */
export class BodyRoom {
  private place: Place | null = null;
  private isFree = false;

  constructor(
    private readonly plane: Pick<DataPlane, 'heldRequests' | 'generate'>,
    private readonly raw: RawExchange,
  ) {}

  readonly take = async (most: number): Promise<Place | null> => {
    try {
      this.place = await requestRoom(this.plane, new RawHead(this.raw), most);
      if (this.isFree) this.free();
    } catch (error) {
      throw error instanceof Problem ? blamed(error, 'provider') : error;
    }
    return this.place;
  };

  /** Also what is given only now: nobody waits for it any more. */
  free(): void {
    this.isFree = true;
    this.place?.free();
  }
}
