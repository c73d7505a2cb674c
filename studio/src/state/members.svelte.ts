import { SvelteMap } from "svelte/reactivity";

import { api, body, ifStill } from "../api/client";
import { ApiError } from "../api/problem";
import type { Member, OpenInvitation, Role } from "../api/things";

const PAGE = 200;

/** From what one may most to what one may least. */
export const ROLES: Role[] = ["owner", "editor", "reviewer", "viewer"];

/** Who belongs to the organization, and who is invited. */
export class Members {
  all = new SvelteMap<string, Member>();
  invited = new SvelteMap<string, OpenInvitation>();
  list = $derived([...this.all.values()].sort((a, b) => (a.id > b.id ? 1 : -1)));
  open = $derived([...this.invited.values()].sort((a, b) => (a.id < b.id ? 1 : -1)));

  /** Reads who belongs to it; who is invited is for those who manage it. */
  async load(manages: boolean): Promise<void> {
    const [members, invited] = await Promise.all([
      everything((query) => body(api.GET("/v1/members", { params: { query } }))),
      manages ? everything((query) => body(api.GET("/v1/invitations", { params: { query } }))) : [],
    ]);
    this.all.clear();
    this.invited.clear();
    for (const one of members) this.all.set(one.id, one);
    for (const one of invited) this.invited.set(one.id, one);
  }

  /** Invites somebody, instead of any earlier time; returns the link, which is told this once. */
  async invite(email: string, role: Role): Promise<string> {
    const { link, ...made } = await body(api.POST("/v1/invitations", { body: { email, role } }));
    for (const one of this.open) if (one.email === made.email) this.invited.delete(one.id);
    this.invited.set(made.id, made);
    return link;
  }

  async takeBack(id: string): Promise<void> {
    const params = { path: { invitation_id: id } };
    await body(api.DELETE("/v1/invitations/{invitation_id}", { params }));
    this.invited.delete(id);
  }

  async changeRole(member: Member, role: Role): Promise<void> {
    const params = { path: { member_id: member.id }, header: ifStill(member) };
    await this.#still(member.id, async () => {
      const made = await body(api.PATCH("/v1/members/{member_id}", { params, body: { role } }));
      this.all.set(made.id, made);
    });
  }

  async remove(member: Member): Promise<void> {
    const params = { path: { member_id: member.id }, header: ifStill(member) };
    await this.#still(member.id, async () => {
      await body(api.DELETE("/v1/members/{member_id}", { params }));
      this.all.delete(member.id);
    });
  }

  /** Does something to a member; if they are not any more what was seen, they are read anew. */
  async #still(id: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (error instanceof ApiError && [404, 412].includes(error.status)) await this.#read(id);
      throw error;
    }
  }

  async #read(id: string): Promise<void> {
    const params = { path: { member_id: id } };
    try {
      this.all.set(id, await body(api.GET("/v1/members/{member_id}", { params })));
    } catch (error) {
      if (!(error instanceof ApiError && error.status === 404)) throw error;
      this.all.delete(id);
    }
  }
}

/** All pages of a list. */
async function everything<Thing>(
  read: (query: { limit: number; after?: string }) => Promise<{
    items: Thing[];
    next?: string | null;
  }>,
): Promise<Thing[]> {
  const found: Thing[] = [];
  let after: string | null | undefined;
  do {
    const page = await read({ limit: PAGE, ...(after ? { after } : {}) });
    found.push(...page.items);
    after = page.next;
  } while (after);
  return found;
}
