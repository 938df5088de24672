using AgentSentinel.Web.Text;
using Bunit;

namespace AgentSentinel.Web.Tests.Text;

public sealed class TelemetryTests : BunitContext
{
    [Theory]
    [InlineData("<img src=x onerror=alert(1)>", "<img src=x onerror=alert(1)>")]
    [InlineData("a\u202Egnp.exe", @"a\u202Egnp.exe")]
    [InlineData("one\r\ntwo\u0000", @"one\u000D\u000Atwo\u0000")]
    [InlineData("{{7*7}} ${x} &amp;", "{{7*7}} ${x} &amp;")]
    public void Text_shows_as_text_whatever_it_contains(string text, string shown)
    {
        var component = Render<Telemetry>(p => p.Add(t => t.Text, text));
        Assert.Equal(shown, component.Find("bdi").TextContent);
        Assert.Empty(component.FindAll("img, script"));
    }

    [Fact]
    public void Long_text_is_cut_and_stays_whole_in_the_tool_tip()
    {
        var component = Render<Telemetry>(p => p.Add(t => t.Text, new string('<', 256)).Add(t => t.Most, 40));
        Assert.Equal(40, component.Find("bdi").TextContent.Length);
        Assert.Equal(new string('<', 256), component.Find("bdi").GetAttribute("title"));
    }

    [Fact]
    public void Severity_is_never_told_by_colour_alone() =>
        Assert.Equal("Critical", Render<SeverityMark>(p => p.Add(s => s.Severity, AgentSentinel.Core.Incidents.Severity.Critical).Add(s => s.IsCompact, true)).Find("span.unseen").TextContent);
}
