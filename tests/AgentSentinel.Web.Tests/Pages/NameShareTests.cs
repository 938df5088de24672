using AgentSentinel.Core.Detection;
using AgentSentinel.Service.History;
using AgentSentinel.Web.Pages;

namespace AgentSentinel.Web.Tests.Pages;

public sealed class NameShareTests
{
    [Fact]
    public void What_is_new_comes_first_and_shares_are_of_the_same_time()
    {
        SeriesName[] usual = [Tool("read", 90), Tool("write", 10), new(WindowDimension.Dataset, "crm", false, 100)];
        SeriesName[] now = [Tool("read", 1), Tool("export", 3), new(WindowDimension.Tool, "", true, 4)];
        var shares = NameShare.Of(WindowDimension.Tool, usual, now, 10);
        Assert.Equal(["export", "read", null, "write"], shares.Select(s => s.Name));
        Assert.Equal((true, 0.0, 0.375), (shares[0].IsNew, shares[0].Usual, shares[0].Now));
        Assert.Equal((0.9, 0.125), (shares[1].Usual, shares[1].Now));
        Assert.False(shares[2].IsNew);
    }

    private static SeriesName Tool(string name, long calls) => new(WindowDimension.Tool, name, false, calls);
}
