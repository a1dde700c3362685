/* The page's text before and after its JSON object, made from src/draw/page at
 * build time. */
#ifndef PLEATS_DRAW_PAGE_PAGE_TEXT_H
#define PLEATS_DRAW_PAGE_PAGE_TEXT_H

/* ASCII, 0-terminated. In between goes one JSON object, in whose strings every
 * "<" is written \u003c: the page's reader of HTML sees it first. */
extern const char pleats_page_head[], pleats_page_tail[];

#endif
