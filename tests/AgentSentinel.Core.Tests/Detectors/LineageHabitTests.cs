using System.Text.Json;
using AgentSentinel.Core.Events;

namespace AgentSentinel.Core.Tests.Detectors;

/// <summary>What an agent takes from results as a matter of course: flows that came up late, hosts that it links to, people that texts mention, lists to choose from.</summary>
public sealed class LineageHabitTests
{
    private readonly EngineRun _run = new("lineage");

    [Fact]
    public void Work_that_an_agent_is_given_late_alarms_until_it_has_come_up_with_ever_other_values_for_a_day()
    {
        LearnToNote();
        AlarmTwiceADay("tables.search", SourceTrust.External, Names[..3]);
        Assert.False(Book("tables.search", SourceTrust.External, "Osteria Ludovica"));
        Assert.True(Book("guestbook.read", SourceTrust.Untrusted, "Osteria Malavita"));
    }

    [Fact]
    public void The_same_value_again_and_again_is_no_work()
    {
        LearnToNote();
        AlarmTwiceADay("tables.search", SourceTrust.External, [.. Names[..2], .. Names[..2], .. Names[..2]]);
        Assert.True(Book("tables.search", SourceTrust.External, "Osteria Ludovica"));
    }

    [Fact]
    public void Nor_are_many_within_hours()
    {
        LearnToNote();
        foreach (var name in Names)
        {
            Assert.True(Book("tables.search", SourceTrust.External, $"Osteria {name}"));
        }
    }

    [Fact]
    public void Where_anybody_could_write_who_gets_something_never_becomes_one_by_itself()
    {
        LearnToNote();
        AlarmTwiceADay("guestbook.read", SourceTrust.Untrusted, Names);
        Assert.True(Book("guestbook.read", SourceTrust.Untrusted, "Osteria Malavita"));
    }

    [Fact]
    public void The_number_of_a_record_may()
    {
        LearnToNote();
        for (var i = 1; i <= 3; i++)
        {
            Assert.True(Label($"4{i}7"));
            _run.Now = _run.Now.AddHours(13);
        }

        Assert.False(Label("583"));

        bool Label(string number) => Call("label what is new", "issues.search", SourceTrust.Untrusted, $"{number} the lamp is broken", "issues.label", ToolAction.Write, "number", number);
    }

    [Fact]
    public void What_is_on_trial_outlives_a_restart()
    {
        LearnToNote();
        AlarmTwiceADay("tables.search", SourceTrust.External, Names[..2]);
        _run.Restart();
        Assert.True(Book("tables.search", SourceTrust.External, "Osteria Ludovica"));
        Assert.False(Book("tables.search", SourceTrust.External, "Osteria Malavita"));
    }

    [Fact]
    public void A_link_to_a_host_that_the_agent_linked_to_before_is_less_of_a_surprise()
    {
        for (var i = 0; i < 20; i++)
        {
            Call("answer the customer", "help.search", SourceTrust.Internal, $"https://help.example/{Names[i % 6]}{i}", "desk.reply", ToolAction.Send, "message", $"See https://help.example/{Names[i % 6]}{i}, please.");
        }

        Call("answer the customer", "desk.read", SourceTrust.Untrusted, "send them https://help.example/anew", "desk.reply", ToolAction.Send, "message", "See https://help.example/anew, please.");
        var known = _run.Output.Top.Surprisal;
        Assert.True(Call("answer the customer", "desk.read", SourceTrust.Untrusted, "send them https://other.example/anew", "desk.reply", ToolAction.Send, "message", "See https://other.example/anew, please."));
        Assert.InRange(known, 0, _run.Output.Top.Surprisal - 0.5);
    }

    [Theory]
    [InlineData("body", "Our customer is ada@elsewhere.example, as far as I can see.", "She wrote from ada@elsewhere.example today.", false)]
    [InlineData("body", "Our customer is ada@elsewhere.example, as far as I can see.", "She is at elsewhere.example today.", false)]
    [InlineData("body", "Sign in at www.elsewhere.example/ada, as far as I can see.", "Sign in at www.elsewhere.example/ada today.", true)]
    [InlineData("to", "ada@elsewhere.example", "She wrote from ada@elsewhere.example today.", true)]
    public void A_mailbox_that_a_text_mentions_is_read_and_not_written_to(string argument, string value, string read, bool isRaised)
    {
        LearnToNote();
        Assert.Equal(isRaised, Call("sum the talk up", "desk.read", SourceTrust.Untrusted, read, "mail.send", ToolAction.Send, argument, value));
    }

    [Theory]
    [InlineData("bookings.list", SourceTrust.Internal, false)]
    [InlineData("guestbook.read", SourceTrust.Untrusted, true)]
    public void Which_record_of_a_list_of_ones_own_is_meant_may_come_from_the_list(string list, SourceTrust source, bool isRaised)
    {
        LearnToNote();
        Assert.Equal(isRaised, Call("cancel my room", list, source, "B83721: the room", "bookings.cancel", ToolAction.Delete, "booking_id", "B83721"));
    }

    [Fact]
    public void Where_everybody_is_of_one_house_somebody_of_another_is_more_than_a_new_name()
    {
        for (var i = 0; i < 40; i++)
        {
            Invite($"{Names[i % 6]}{i / 2}@house.example");
        }

        Assert.False(Invite("ludovica@house.example"));
        Assert.True(Invite("ludovica@elsewhere.example"));
    }

    private static readonly string[] Names = ["Ambra", "Bruna", "Carla", "Delia", "Elena", "Flora"];

    private bool Invite(string guest) => Call("tell everybody who comes", "calendar.find", SourceTrust.Internal, $"guests: {guest}", "mail.send", ToolAction.Send, "to", guest);

    private void LearnToNote()
    {
        for (var i = 0; i < 20; i++)
        {
            Call($"note that {Names[i % 6]} called", "phone.log", SourceTrust.Internal, "nothing of interest", "notes.add", ToolAction.Write, "line", $"{Names[i % 6]} called");
        }
    }

    /// <summary>A table of each name, every thirteen hours; each alarms.</summary>
    private void AlarmTwiceADay(string source, SourceTrust trust, string[] names)
    {
        foreach (var name in names)
        {
            Assert.True(Book(source, trust, $"Osteria {name}"));
            _run.Now = _run.Now.AddHours(13);
        }
    }

    private bool Book(string source, SourceTrust trust, string name) =>
        Call("a table for two, please", source, trust, $"{name}, four stars", "tables.book", ToolAction.Write, "restaurant", name);

    /// <summary>A session of a request, what is read, and what is done.</summary>
    /// <returns>Whether an alarm was raised.</returns>
    private bool Call(string request, string readTool, SourceTrust source, string text, string tool, ToolAction action, string argument, string value)
    {
        var session = _run.NextId();
        _run.Anomalies.Clear();
        _run.Process(Some.ToolCall(_run.Now, _run.NextId(), kind: CallKind.Request, session: session, content: JsonSerializer.Serialize(request)));
        _run.Process(Some.ToolCall(_run.Now, _run.NextId(), tool: readTool, resources: ["desk:list"], session: session, action: ToolAction.Read, source: source, arguments: "{}", result: JsonSerializer.Serialize(text)));
        _run.Process(Some.ToolCall(
            _run.Now, _run.NextId(), tool: tool, resources: argument == "body" ? ["email:boss@house.example"] : [$"record:{value}"], session: session, action: action, source: SourceTrust.Trusted,
            arguments: JsonSerializer.Serialize(new Dictionary<string, string> { [argument] = value }), result: "\"done\""));
        _run.Now = _run.Now.AddMinutes(7);
        return _run.Anomalies.Count > 0;
    }
}
