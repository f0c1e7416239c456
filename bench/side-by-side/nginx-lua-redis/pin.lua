local redis = require "nginx.redis"

local SECONDS = 1800

local function refuse(why)
  ngx.log(ngx.ERR, why)
  return ngx.exit(503)
end

local session = ngx.var.http_x_session_id
if not session then
  return ngx.exit(400)
end
local link = redis:new()
link:set_timeout(1000)
local connected, trouble = link:connect("127.0.0.1", ${port:redis})
if not connected then
  return refuse(trouble)
end
local key = "session:" .. session
local instance, failure = link:get(key)
if not instance then
  return refuse(failure)
end
if instance == ngx.null then
  local turn = link:incr("turn") % 4 + 1
  local set = link:set(key, "s" .. turn, "NX", "EX", SECONDS)
  instance = set == "OK" and "s" .. turn or link:get(key)
else
  link:expire(key, SECONDS)
end
link:set_keepalive(60000, 256)
ngx.var.instance = instance
