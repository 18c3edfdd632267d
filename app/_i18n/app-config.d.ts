import type { Locale } from './locales';
import type messages from './messages/en.json';

// Makes the compiler refuse a key that English does not have.
declare module 'next-intl' {
  interface AppConfig {
    Locale: Locale;
    Messages: typeof messages;
  }
}
