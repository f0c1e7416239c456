-- leave: this node serves no more, and has no say in what can be reached. Idempotent.
redis.call('ZREM', nodes, node)
return done({ 'yes' })
