using AgentSentinel.Core.Events;
using AgentSentinel.Core.State;
using AgentSentinel.Core.Windowing;

namespace AgentSentinel.Core.Tests.Windowing;

public sealed class AgentWindowTests
{
    [Fact]
    public void It_adds_up_what_its_calls_tell()
    {
        var window = Opened();
        window.Add(Some.ToolCall(size: 2), 1);
        window.Add(Some.ToolCall(size: 3, status: CallStatus.Error), 2);
        window.Add(Some.ToolCall(status: CallStatus.Denied), 3);
        Assert.Equal((3, 1, 1), (window.Calls, window.Errors, window.Denials));
        Assert.Equal((5.0, 10.0, 5.0), (window.Records, window.Bytes, window.Tokens));
    }

    [Fact]
    public void A_request_is_remembered_but_is_no_call()
    {
        var window = Opened();
        window.Add(Some.ToolCall(kind: CallKind.Request, size: 5), 7);
        Assert.Equal((0, 0.0), (window.Calls, window.Records));
        Assert.True(window.HasSeen(7));
        Assert.False(window.HasSeen(8));
    }

    [Fact]
    public void It_covers_one_minute_and_numbers_it()
    {
        var window = Opened();
        Assert.Equal(Some.Monday.AddMinutes(1), window.End);
        Assert.Equal(Some.Monday, DateTimeOffset.MinValue.AddMinutes(window.Minute));
    }

    [Fact]
    public void Used_again_for_a_later_minute_it_has_forgotten_the_earlier_one()
    {
        var window = Opened();
        window.Add(Some.ToolCall(size: 2, status: CallStatus.Error), 1);
        window.Raised = 5;
        window.Open("agent", Some.Monday.AddHours(1));
        Assert.Equal(Bytes(Opened(Some.Monday.AddHours(1))), Bytes(window));
        Assert.False(window.HasSeen(1));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(100)]
    [InlineData(20_000)]
    public void Saved_and_loaded_it_is_the_same(int calls)
    {
        var window = Opened();
        for (var i = 1; i <= calls; i++)
        {
            window.Add(Some.ToolCall(size: i % 2 == 0 ? 1e15 : null, status: (CallStatus)(i % 3)), (ulong)i * 77);
        }

        window.Raised = ulong.MaxValue;
        var reader = new MemoryReader(Bytes(window));
        var loaded = AgentWindow.Load("agent", ref reader);
        reader.ExpectEnd();
        Assert.Equal(Bytes(window), Bytes(loaded));
        Assert.Equal("agent", loaded.AgentId);
        Assert.Equal(calls > 0, loaded.HasSeen((ulong)calls * 77));
    }

    private static AgentWindow Opened(DateTimeOffset? start = null)
    {
        var window = new AgentWindow();
        window.Open("agent", start ?? Some.Monday);
        return window;
    }

    private static byte[] Bytes(AgentWindow window)
    {
        var writer = new MemoryWriter();
        window.Save(writer);
        return writer.Written.ToArray();
    }
}
