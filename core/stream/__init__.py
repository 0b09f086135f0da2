"""The local stream: what happens in the library, told to other tools on this computer.

Off unless somebody turns it on. A commit's number reaches the feed's own thread; what the
commit brought is read there from the library, and sent to every tool that asked for it:

    engine's thread:  event  ->  Feed.publish (notes a number, wakes the loop, returns)
    feed's thread:    Hub (journal -> updates -> tools)  <->  Serving (sockets, who may connect)

Nothing here writes to the library, and the engine never waits for anything here.
"""
