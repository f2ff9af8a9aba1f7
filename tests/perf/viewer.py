"""One viewer without a browser: Streamlit's protocol over the websocket, so that a rerun is the server's work alone."""

import time
from types import TracebackType
from typing import Self

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import connect
from websockets.typing import Subprotocol

DONE = ForwardMsg.ScriptFinishedStatus.FINISHED_SUCCESSFULLY
WAIT_SECONDS = 60.0


class Viewer:
    """`with Viewer("http://127.0.0.1:8501") as viewer: viewer.open("gates"); seconds = viewer.rerun()`."""

    def __init__(self, url: str) -> None:
        address = url.replace("http", "ws", 1) + "/_stcore/stream"
        self._socket = connect(address, subprotocols=[Subprotocol("streamlit")], max_size=None)
        self._page = ""
        self._query = ""
        self.text = ""  # every markdown text of the last run, to see that a page was really drawn

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._socket.close()

    def open(self, page: str, query: str = "") -> float:
        """Go to a page by its name in the address; return the seconds until its run has ended."""
        self._query = query
        message = BackMsg()
        message.rerun_script.page_name = page
        message.rerun_script.query_string = query
        return self._run(message)

    def rerun(self) -> float:
        """Run the same page again, as after a click; return the seconds until its run has ended."""
        message = BackMsg()
        message.rerun_script.page_script_hash = self._page
        message.rerun_script.query_string = self._query
        return self._run(message)

    def _run(self, message: BackMsg) -> float:
        started = time.perf_counter()
        self._socket.send(message.SerializeToString())
        texts = []
        while True:
            data = self._socket.recv(timeout=WAIT_SECONDS)
            answer = ForwardMsg()
            answer.ParseFromString(data if isinstance(data, bytes) else data.encode())
            kind = answer.WhichOneof("type")
            if kind == "navigation":
                self._page = answer.navigation.page_script_hash
            elif kind == "delta" and answer.delta.new_element.WhichOneof("type") in {"markdown", "html"}:
                element = answer.delta.new_element
                texts.append(element.markdown.body or element.html.body)
            elif kind == "script_finished" and answer.script_finished == DONE:
                self.text = "\n".join(texts)
                return time.perf_counter() - started
