/** A value of this type while it is put together, property by property. */
export type Draft<Type> = { -readonly [Key in keyof Type]: Type[Key] };
