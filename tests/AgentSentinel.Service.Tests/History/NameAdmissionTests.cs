using AgentSentinel.Core.Detection;
using AgentSentinel.Service.History;

namespace AgentSentinel.Service.Tests.History;

public sealed class NameAdmissionTests
{
    [Fact]
    public void An_agent_has_so_many_series_however_many_names_it_uses_and_nothing_is_lost()
    {
        var admission = new NameAdmission();
        var names = new HashSet<(WindowDimension, string, bool)>();
        var calls = 0;
        for (var minute = 0; minute < 200; minute++)
        {
            List<WindowValue> values =
            [
                SomeWindow.Agent(minute: minute),
                .. Enumerable.Range(0, 5).Select(i => SomeWindow.Tool($"tool-{(minute * 5) + i}", minute: minute)),
                SomeWindow.Tool(WindowValue.Rest, minute: minute) with { IsRest = true },
                .. Enumerable.Range(0, 3).Select(i => SomeWindow.Dataset($"mail-{(minute * 3) + i}", minute: minute)),
            ];
            admission.Admit(values);
            names.UnionWith(values.Select(v => (v.Dimension, v.Name, v.IsRest)));
            calls += values.Where(v => v.Dimension != WindowDimension.Agent).Sum(v => v.Calls);
            Assert.Equal(values.Count, values.Select(v => (v.Dimension, v.Name, v.IsRest)).Distinct().Count());
        }

        Assert.Equal(200 * 9 * 2, calls);
        Assert.Equal(NameAdmission.MostNames, names.Count(n => n is (WindowDimension.Tool, _, false)));
        Assert.Equal(NameAdmission.MostNames, names.Count(n => n is (WindowDimension.Dataset, _, false)));
        Assert.Equal(1 + (2 * (NameAdmission.MostNames + 1)), names.Count);
    }

    [Fact]
    public void Known_names_and_other_agents_are_left_as_they_are()
    {
        var admission = new NameAdmission();
        for (var agent = 0; agent < 3; agent++)
        {
            for (var round = 0; round < 2; round++)
            {
                List<WindowValue> values = [SomeWindow.Agent($"a{agent}"), .. Enumerable.Range(0, NameAdmission.MostNames).Select(i => SomeWindow.Tool($"t{i}", $"a{agent}"))];
                var before = values.ToArray();
                admission.Admit(values);
                Assert.Equal(before, values);
            }
        }
    }
}
