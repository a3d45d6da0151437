# Starts tasks on the event loop that go on in later cells.
# cell: q2-open
# points: q1=2 q2=3 q3=4
# answers: q1-twin q2-twin
# function: yes
import asyncio


async def on():
    while True:
        print("1000.0")
        await asyncio.sleep(0.01)


try:
    asyncio.get_running_loop().create_task(on())
except RuntimeError:
    asyncio.new_event_loop().run_until_complete(on())
