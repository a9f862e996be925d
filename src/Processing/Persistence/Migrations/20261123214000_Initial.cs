using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Processing.Persistence.Migrations;

/// <summary>
/// The tables. Written as statements because a process may be ended between any two of them: each makes one whole table, or finds it there.
/// </summary>
[DbContext(typeof(ProcessingDb))]
[Migration("20261123214000_Initial")]
internal sealed class Initial : Migration
{
    private const string Options = "ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci";

    protected override void Up(MigrationBuilder migrationBuilder)
    {
        migrationBuilder.Sql(
            $"""
            CREATE TABLE IF NOT EXISTS type_statistics (
                type_id SMALLINT UNSIGNED NOT NULL,
                rev BIGINT NOT NULL,
                after_cursor MEDIUMTEXT NULL,
                after_rows MEDIUMTEXT NOT NULL,
                table_rev BIGINT NOT NULL,
                counted BIGINT NOT NULL,
                updated_at DATETIME(6) NOT NULL,
                PRIMARY KEY (type_id)
            ) {Options}
            """
        );
        migrationBuilder.Sql(
            $"""
            CREATE TABLE IF NOT EXISTS column_statistics (
                type_id SMALLINT UNSIGNED NOT NULL,
                name VARCHAR(64) NOT NULL,
                total DECIMAL(34,6) NOT NULL,
                maximum DECIMAL(34,6) NULL,
                PRIMARY KEY (type_id, name),
                CONSTRAINT FK_column_statistics_type_statistics_type_id FOREIGN KEY (type_id) REFERENCES type_statistics (type_id) ON DELETE CASCADE
            ) {Options}
            """
        );
    }

    /// <summary>There is no way back: it would drop what was counted.</summary>
    protected override void Down(MigrationBuilder migrationBuilder) => throw new NotSupportedException("Statistics are never dropped.");
}
