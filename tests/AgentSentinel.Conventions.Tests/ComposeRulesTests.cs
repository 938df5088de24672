namespace AgentSentinel.Conventions.Tests;

public sealed class ComposeRulesTests
{
    private static readonly string Compose = Repository.Read("docker-compose.yml");

    [Fact]
    public void Images_are_pinned() => Violations.AssertNone(ComposeRules.Unpinned(Compose), "Name a version, so that tomorrow's start is today's:");

    [Fact]
    public void Ports_are_open_to_this_machine_only() => Violations.AssertNone(ComposeRules.OpenToOthers(Compose), "Bind to 127.0.0.1; whoever needs more says so in a file of their own:");

    [Fact]
    public void The_service_has_no_more_rights_than_it_needs() => Violations.AssertNone(ComposeRules.TooMuchAllowed(Compose), "Take these rights away:");

    [Fact]
    public void The_image_does_not_run_as_root() => Violations.AssertNone(ComposeRules.RunsAsRoot(Repository.Read("Dockerfile")), "End the last stage of the Dockerfile as $APP_UID:");

    [Fact]
    public void Every_setting_of_the_service_is_understood() => Violations.AssertNone(ComposeRules.SettingsThatDoNotBind(Compose), "The service would refuse to start with these:");

    [Theory]
    [InlineData("image: a", 1)]
    [InlineData("image: a/b:latest", 1)]
    [InlineData("image: host:5000/a", 1)]
    [InlineData("restart: always", 1)]
    [InlineData("image: a/b:4.0.0", 0)]
    [InlineData("build: .", 0)]
    public void An_image_that_may_change_is_found(string line, int count) => Assert.Equal(count, ComposeRules.Unpinned(Service(line)).Count());

    [Theory]
    [InlineData("ports: ['8080:8080']", 1)]
    [InlineData("ports: [8080]", 1)]
    [InlineData("ports: ['0.0.0.0:8080:8080', '127.0.0.1:1:1']", 1)]
    [InlineData("ports: [{ target: 80, published: 80 }]", 1)]
    [InlineData("ports: [{ target: 80, published: 80, host_ip: 127.0.0.1 }]", 0)]
    public void An_open_port_is_found(string line, int count) => Assert.Equal(count, ComposeRules.OpenToOthers(Service(line)).Count());

    [Theory]
    [InlineData("read_only: false", 3)]
    [InlineData("cap_drop: [ALL]", 2)]
    [InlineData("privileged: true", 4)]
    [InlineData("user: 0:0", 4)]
    public void A_right_too_many_is_found(string line, int count) => Assert.Equal(count, ComposeRules.TooMuchAllowed(Service(line)).Count());

    [Theory]
    [InlineData("FROM a\nUSER 5\nFROM b\n", 1)]
    [InlineData("FROM a\nUSER 5\nUSER root\n", 1)]
    [InlineData("FROM a\nUSER 0:0\n", 1)]
    [InlineData("FROM a\n  user $APP_UID\n", 0)]
    public void An_image_that_runs_as_root_is_found(string dockerfile, int count) => Assert.Equal(count, ComposeRules.RunsAsRoot(dockerfile).Count());

    [Theory]
    [InlineData("environment: { SENTINEL__Decoder__MaxRecordByte: '4096' }", 1)]
    [InlineData("environment: ['SENTINEL__Decoder__MaxRecordBytes=many']", 1)]
    [InlineData("environment: ['SENTINEL__Decoder__MaxRecordBytes=4096', 'OTHER=1']", 0)]
    public void A_setting_that_is_not_understood_is_found(string line, int count) => Assert.Equal(count, ComposeRules.SettingsThatDoNotBind(Service(line)).Count());

    private static string Service(string line) => $"services:\n  agentsentinel:\n    {line}\n";
}
