import asyncio, random
from tests.peer import *
from tests.ws.cast import *
from syncplay_backend.rooms.models import RoomSession, User
from channels.db import database_sync_to_async

def state(room_id):
    return ({str(u.name):(u.is_online,u.is_host,u.sessions.count()) for u in User.objects.filter(room_id=room_id)})

async def chaos(server, room_id, n, rng):
    key=fresh_key(); tabs=[]
    for _ in range(14):
        op=rng.random()
        try:
            if op<0.5 or not tabs:
                p=await Peer.connect(server, room_id); tabs.append(p)
                await ask_to_join(p,key,f"G{n}")
                if rng.random()<0.5: await p.read()
            elif op<0.65: await tabs.pop(rng.randrange(len(tabs))).abort()
            elif op<0.8: await tabs.pop(rng.randrange(len(tabs))).close()
            elif op<0.85:
                await rng.choice(tabs).send("leave")
                key=fresh_key()
            else:
                p=rng.choice(tabs); await p.send("play", position=rng.randrange(100)); 
        except ConnectionClosed: tabs=[t for t in tabs if t.connection.close_code is None]
    return key,tabs

async def test_chaos(request, leg):
    servers = request.getfixturevalue("two_servers") if leg.with_servers else [request.getfixturevalue("server")]
    for seed in range(6):
        rng=random.Random(seed)
        seat=create_room(servers[0], settings={"control":"everyone"})
        w=await Peer.connect(servers[-1], seat.room_id); room=await w.join(seat.key, protocol=2)
        async def watch():
            try:
                while True: await w.read()
            except ConnectionClosed: pass
        t=asyncio.create_task(watch())
        res=await asyncio.gather(*(chaos(servers[i%len(servers)], seat.room_id, i, random.Random(seed*100+i)) for i in range(8)))
        for key,tabs in res:
            for p in tabs: await p.abort()
        end=asyncio.get_running_loop().time()+10
        while True:
            st=await database_sync_to_async(state)(seat.room_id)
            ok=all((not on and s==0) for name,(on,h,s) in st.items() if name!="Alice")
            if ok: break
            if asyncio.get_running_loop().time()>end: raise AssertionError(st)
            await asyncio.sleep(0.1)
        await asyncio.sleep(0.3)
        await w.close(); await t
        fr=[json.loads(x) for x in w.frames]
        seqs=[f["seq"] for f in fr if "seq" in f]
        assert seqs==list(range(room["seq"]+1, room["seq"]+1+len(seqs))), (seqs)
        # replay presence
        online=set()
        for f in fr:
            if f["type"]=="user_joined" and f["data"]["is_online"]:
                online.add(f["data"]["id"])
            if f["type"]=="user_offline": assert f["data"]["id"] in online; online.discard(f["data"]["id"])
            if f["type"]=="user_left": online.discard(f["data"]["id"])
        assert not online, online
        print(seed, len(seqs), st)
    assert "Traceback" not in "".join(s.logged() for s in servers)
