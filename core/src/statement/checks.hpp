#pragma once

// The rules across the properties of one object. Each is asked when its object has been read, with
// the reader standing right behind it.
namespace waypost::statement {

class Checker;
struct Frame;

void check_statement(Checker& checker, Frame& statement);
void check_thing(Checker& checker, Frame& thing);
void check_authority(Checker& checker, Frame& authority);
void check_verb(Checker& checker, Frame& verb);
void check_definition(Checker& checker, Frame& definition);
void check_component(Checker& checker, Frame& component);
void check_score(Checker& checker, Frame& score);
void check_attachment(Checker& checker, Frame& attachment);

}  // namespace waypost::statement
