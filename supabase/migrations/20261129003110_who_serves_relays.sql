-- Relays are streamed by the front alone: a process without it says so, and a doctor can tell that none serves them.

alter table sluice.instances add column serves_relays boolean;
